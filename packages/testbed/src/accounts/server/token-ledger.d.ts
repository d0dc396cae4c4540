export type Grant = {
    readonly scopes: readonly string[];
    readonly expiresAt: number;
};
export type TokenLedgerOptions = {
    readonly seed: string;
    readonly clock: () => Date;
    readonly scopes: readonly string[];
    /** Lifetime of an access token in seconds. */
    readonly lifetimeSeconds: number;
};
/** The tokens that an account issued and still honours. */
export type TokenLedger = {
    readonly access: Map<string, Grant>;
    readonly refresh: Set<string>;
    issueAccess(): string;
    issueRefresh(): string;
    clear(): void;
};
/** An empty ledger; the tokens it issues follow from the seed. */
export declare function createTokenLedger(options: TokenLedgerOptions): TokenLedger;
//# sourceMappingURL=token-ledger.d.ts.map