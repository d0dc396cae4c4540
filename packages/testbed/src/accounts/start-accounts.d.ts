import type { AccountControls, AccountOptions, TestAccount } from './test-account.js';
export type Accounts = {
    readonly accounts: readonly TestAccount[];
    /** The in-process handle of an account, by its provider's name. */
    controls(provider: string): AccountControls;
    /** Every account back to its seed. */
    reset(): Promise<void>;
    close(): Promise<void>;
};
/**
 * Starts test accounts on ephemeral loopback ports, in this process; all of the demo's, or those
 * named in `only`.
 */
export declare function startAccounts(options?: {
    only?: readonly string[];
} & Partial<AccountOptions>): Promise<Accounts>;
//# sourceMappingURL=start-accounts.d.ts.map