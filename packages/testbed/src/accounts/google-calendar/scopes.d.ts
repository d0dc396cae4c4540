/** Any one scope of a list opens the operations of that group. */
export declare const operationScopes: {
    readonly readEvents: readonly [string, string, string, string];
    readonly writeEvents: readonly [string, string];
    readonly readCalendars: readonly [string, string, string, string];
    readonly writeCalendars: readonly [string, string];
    readonly readList: readonly [string, string, string, string];
    readonly writeList: readonly [string, string];
    readonly readRules: readonly [string, string, string];
    readonly writeRules: readonly [string, string];
    readonly readSettings: readonly [string, string, string];
    readonly readFreeBusy: readonly [string, string, string, string];
    readonly readColors: readonly [string, string, string, string, string, string];
};
/** What the test account was granted: everything but access control and free/busy of others. */
export declare const grantedScopes: string[];
//# sourceMappingURL=scopes.d.ts.map