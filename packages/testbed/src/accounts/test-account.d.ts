import type { Credential } from '@plumb/protocol';
import type { FaultSwitch } from './server/fault-switch.js';
import type { LoggedRequest } from './server/start-account-server.js';
import type { TokenDesk } from './server/token-desk.js';
/** All that is needed to connect to a test account. */
export type TestAccount = {
    /** Name in the provider catalog. */
    readonly provider: string;
    readonly integrationKey: string;
    readonly connectionId: string;
    /** Stands in for the provider's base URL, path included. */
    readonly baseUrl: string;
    readonly tokenUrl: string | null;
    readonly credential: Credential;
    readonly oauthClient?: {
        readonly clientId: string;
        readonly clientSecret: string;
    };
    /** For people: what the account can do and what it deliberately cannot. */
    readonly note: string;
};
/** What only the process that started an account can do with it. */
export type AccountControls = {
    readonly faults: FaultSwitch;
    /** Null where the account knows one fixed secret. */
    readonly tokens: TokenDesk | null;
    readonly requests: readonly LoggedRequest[];
    /** Where lists hand out sync tokens: those issued so far are answered with 410. */
    expireSyncTokens?(): void;
};
export type RunningAccount = {
    readonly account: TestAccount;
    readonly controls: AccountControls;
    /** Back to the seed: data, tokens, faults and log. The first credential is valid again. */
    reset(): Promise<void>;
    close(): Promise<void>;
};
export type Clock = () => Date;
export type AccountOptions = {
    /** Distinguishes generated ids and secrets; the same seed gives the same account. */
    readonly seed: string;
    readonly clock: Clock;
    /** Scopes to grant beyond the usual ones, where an account withholds some. */
    readonly extraScopes: readonly string[];
};
//# sourceMappingURL=test-account.d.ts.map