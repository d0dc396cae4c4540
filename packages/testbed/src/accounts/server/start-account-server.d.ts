import type { AccountHandler } from './account-request.js';
import type { FaultSwitch } from './fault-switch.js';
/** What an account was asked and what it answered; `status` is null where it answered nothing. */
export type LoggedRequest = {
    readonly method: string;
    readonly path: string;
    readonly query: string;
    readonly status: number | null;
};
export type AccountServer = {
    /** `http://127.0.0.1:<port>`, without a slash at the end. */
    readonly url: string;
    readonly requests: readonly LoggedRequest[];
    forgetRequests(): void;
    close(): Promise<void>;
};
/** Serves `handle` on an ephemeral loopback port, with the faults of `faults`, and logs every request. */
export declare function startAccountServer(handle: AccountHandler, faults: FaultSwitch): Promise<AccountServer>;
//# sourceMappingURL=start-account-server.d.ts.map