import type { AccountAnswer, AccountRequest } from '../server/account-request.js';
import type { TokenDesk } from '../server/token-desk.js';
export type GoogleFailure = {
    readonly code: number;
    readonly reason: string;
    readonly message: string;
    readonly status?: string;
    readonly domain?: string;
    /** Where the offending value is, such as `parameter: timeMin`. */
    readonly location?: {
        readonly locationType: string;
        readonly location: string;
    };
    readonly details?: readonly unknown[];
    readonly headers?: Readonly<Record<string, string>>;
};
/** A refusal in the shape of Google's JSON APIs. */
export declare function googleError(failure: GoogleFailure): AccountAnswer;
/** 401 for a request without a valid access token, null for one with. */
export declare function googleTokenRefusal(request: AccountRequest, tokens: TokenDesk): AccountAnswer | null;
export type ScopedOperation = {
    /** Any one of these suffices. */
    readonly scopes: readonly string[];
    readonly service: string;
    /** Google's name of the method, such as `calendar.v3.CalendarAcl.Insert`. */
    readonly rpc: string;
};
/** 401 as above, or 403 when the token was granted none of the operation's scopes. */
export declare function googleAccessRefusal(request: AccountRequest, tokens: TokenDesk, operation: ScopedOperation): AccountAnswer | null;
//# sourceMappingURL=google-error.d.ts.map