import type { GoogleFailure } from '../google/google-error.js';
import type { AccountAnswer } from '../server/account-request.js';
/** Ends an operation with one of Google's error answers. */
export declare class Refusal extends Error {
    readonly answer: AccountAnswer;
    constructor(failure: GoogleFailure);
}
export declare const notFound: () => Refusal;
export declare const invalid: (message: string, parameter?: string) => Refusal;
export declare const missing: (message: string) => Refusal;
export declare const badRequest: (message: string) => Refusal;
export declare const gone: (reason: string, message: string) => Refusal;
export declare const forbidden: (message: string) => Refusal;
//# sourceMappingURL=refusal.d.ts.map