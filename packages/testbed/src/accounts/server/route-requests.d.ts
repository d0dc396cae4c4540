import type { AccountAnswer, AccountRequest } from './account-request.js';
/** What a request is matched by; `path` has `{name}` placeholders. */
type Addressed = {
    readonly method: string;
    readonly path: string;
};
export type Match<Route> = {
    readonly route: Route;
    /** Path parameters, decoded. */
    readonly params: Readonly<Record<string, string>>;
};
/** Finds the first route that a request fits, or null. */
export declare function createRouter<Route extends Addressed>(routes: readonly Route[], prefix?: string): (request: AccountRequest) => Match<Route> | null;
export type RoutedRequest = AccountRequest & Pick<Match<unknown>, 'params'>;
export type Route = Addressed & {
    handle(request: RoutedRequest): AccountAnswer;
};
/** Answers with the first route that fits, or null where none does. */
export declare function routeRequests(routes: readonly Route[]): (request: AccountRequest) => AccountAnswer | null;
export {};
//# sourceMappingURL=route-requests.d.ts.map