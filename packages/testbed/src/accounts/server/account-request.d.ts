/** One request to a test account, read completely. */
export type AccountRequest = {
    readonly method: string;
    /** Decoded by nobody: percent escapes are as they were sent. */
    readonly path: string;
    readonly query: URLSearchParams;
    /** Names in lower case. */
    readonly headers: Readonly<Record<string, string>>;
    readonly body: Buffer;
};
/** `body` is sent as it is when it is a Buffer, as JSON otherwise; null sends none. */
export type AccountAnswer = {
    readonly status: number;
    readonly headers?: Readonly<Record<string, string>>;
    readonly body: unknown;
};
export type AccountHandler = (request: AccountRequest) => AccountAnswer | Promise<AccountAnswer>;
/** The bearer token of a request, or null where there is none. */
export declare function bearerToken(request: AccountRequest): string | null;
//# sourceMappingURL=account-request.d.ts.map