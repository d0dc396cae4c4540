import type { AccountAnswer, AccountRequest } from './account-request.js';
import type { Grant, TokenLedgerOptions } from './token-ledger.js';
type InitialTokens = {
    readonly accessToken: string;
    readonly refreshToken: string;
    /** ISO 8601. */
    readonly expiresAt: string;
    readonly scopes: string[];
};
/** The OAuth 2 side of an account: who holds a valid token, and the refresh endpoint. */
export type TokenDesk = {
    readonly client: {
        readonly clientId: string;
        readonly clientSecret: string;
    };
    /** The tokens a connection starts with. */
    first(): InitialTokens;
    /** What a presented access token grants; `unknown` covers made-up and revoked ones. */
    look(accessToken: string): Grant | 'expired' | 'unknown';
    /** The token endpoint, RFC 6749 section 6; the client by HTTP basic or in the body. */
    exchange(request: AccountRequest): AccountAnswer;
    /** Everything issued so far stops working; refreshing answers `invalid_grant`. */
    revoke(): void;
    /** Access tokens stop working; refreshing still does. */
    expireAccessTokens(): void;
    /** With rotation a refresh token works once, and the answer holds the next. */
    setRotation(rotate: boolean): void;
    /** Back to the first tokens, with a fresh lifetime. */
    reset(): void;
};
/** Opens a desk with one grant already issued. */
export declare function createTokenDesk(options: TokenLedgerOptions): TokenDesk;
export {};
//# sourceMappingURL=token-desk.d.ts.map