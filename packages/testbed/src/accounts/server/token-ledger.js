import { createHash } from 'node:crypto';
/** An empty ledger; the tokens it issues follow from the seed. */
export function createTokenLedger(options) {
    const { seed, clock, scopes, lifetimeSeconds } = options;
    const access = new Map();
    const refresh = new Set();
    let issued = 0;
    const secretFor = (kind) => {
        issued += 1;
        const digest = createHash('sha256').update(`${seed} ${kind} ${issued}`).digest('base64url');
        return `${kind}-${digest.slice(0, 32)}`;
    };
    return {
        access,
        refresh,
        issueAccess() {
            const token = secretFor('access');
            access.set(token, { scopes, expiresAt: clock().getTime() + lifetimeSeconds * 1000 });
            return token;
        },
        issueRefresh() {
            const token = secretFor('refresh');
            refresh.add(token);
            return token;
        },
        clear() {
            issued = 0;
            access.clear();
            refresh.clear();
        },
    };
}
//# sourceMappingURL=token-ledger.js.map