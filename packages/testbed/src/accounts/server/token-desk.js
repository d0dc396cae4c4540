import { createHash, timingSafeEqual } from 'node:crypto';
import { createTokenLedger } from './token-ledger.js';
const equal = (a, b) => {
    const digest = (text) => createHash('sha256').update(text).digest();
    return timingSafeEqual(digest(a), digest(b));
};
const uncached = { 'cache-control': 'no-store' };
const failure = (status, error, description) => ({
    status,
    headers: uncached,
    body: { error, error_description: description },
});
function presentedClient(request, form) {
    const basic = /^Basic (.+)$/i.exec(request.headers['authorization'] ?? '')?.[1];
    if (!basic)
        return [form.get('client_id') ?? '', form.get('client_secret') ?? ''];
    const [id = '', secret = ''] = Buffer.from(basic, 'base64').toString().split(/:(.*)/s, 2);
    return [decodeURIComponent(id), decodeURIComponent(secret)];
}
function issueFirst(ledger, scopes) {
    ledger.clear();
    const accessToken = ledger.issueAccess();
    const expiresAt = new Date(ledger.access.get(accessToken)?.expiresAt ?? 0).toISOString();
    return { accessToken, refreshToken: ledger.issueRefresh(), expiresAt, scopes: [...scopes] };
}
/** The refusal of a token request, or the refresh token it rightly presented. */
function checkExchange({ request, client, ledger }) {
    const form = new URLSearchParams(request.body.toString());
    const [id, secret] = presentedClient(request, form);
    if (!equal(id, client.clientId) || !equal(secret, client.clientSecret))
        return failure(401, 'invalid_client', 'The OAuth client was not found.');
    if (form.get('grant_type') !== 'refresh_token')
        return failure(400, 'unsupported_grant_type', `Invalid grant_type: ${form.get('grant_type')}`);
    const presented = form.get('refresh_token') ?? '';
    if (ledger.refresh.has(presented))
        return presented;
    return failure(400, 'invalid_grant', 'Token has been expired or revoked.');
}
/** Opens a desk with one grant already issued. */
export function createTokenDesk(options) {
    const { seed, clock, scopes, lifetimeSeconds } = options;
    const client = { clientId: `${seed}-client`, clientSecret: `${seed}-client-secret` };
    const ledger = createTokenLedger(options);
    let rotate = false;
    let initial = issueFirst(ledger, scopes);
    return {
        client,
        first: () => initial,
        look(token) {
            const grant = ledger.access.get(token);
            if (!grant)
                return 'unknown';
            return grant.expiresAt > clock().getTime() ? grant : 'expired';
        },
        exchange(request) {
            const presented = checkExchange({ request, client, ledger });
            if (typeof presented !== 'string')
                return presented;
            if (rotate)
                ledger.refresh.delete(presented);
            const next = rotate ? { refresh_token: ledger.issueRefresh() } : {};
            const issued = { access_token: ledger.issueAccess(), expires_in: lifetimeSeconds, ...next };
            return {
                status: 200,
                headers: uncached,
                body: { ...issued, token_type: 'Bearer', scope: scopes.join(' ') },
            };
        },
        revoke() {
            ledger.access.clear();
            ledger.refresh.clear();
        },
        expireAccessTokens() {
            for (const [token, grant] of ledger.access)
                ledger.access.set(token, { ...grant, expiresAt: 0 });
        },
        setRotation(value) {
            rotate = value;
        },
        reset() {
            rotate = false;
            initial = issueFirst(ledger, scopes);
        },
    };
}
//# sourceMappingURL=token-desk.js.map