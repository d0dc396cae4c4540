import type { AccountAnswer, AccountRequest } from '../server/account-request.js';
import type { CalendarState, Resource } from './calendar-state.js';
/** One call of an operation whose parameters and body were found well-formed. */
export type CalendarCall = {
    readonly state: CalendarState;
    readonly request: AccountRequest;
    readonly query: URLSearchParams;
    /** Path parameters, decoded. */
    readonly path: Readonly<Record<string, string>>;
    /** Empty where none was sent. */
    readonly body: Resource;
};
export type QueryParameter = {
    readonly name: string;
    readonly description: string;
    readonly type: 'string' | 'integer' | 'boolean';
    readonly required?: boolean;
    readonly format?: 'date-time';
    readonly values?: readonly string[];
    readonly minimum?: number;
    readonly maximum?: number;
    readonly repeated?: boolean;
};
/** An operation of the account; the API description is derived from these. */
export type CalendarOperation = {
    readonly id: string;
    readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
    /** With `{name}` placeholders, relative to the base URL. */
    readonly path: string;
    /** Google's internal name of the method, which it quotes in errors. */
    readonly rpc: string;
    readonly summary: string;
    readonly description?: string;
    readonly scopes: readonly string[];
    readonly query: readonly QueryParameter[];
    /** Names of schemas; a response of null is a 204 without a body. */
    readonly request: string | null;
    readonly response: string | null;
    handle(call: CalendarCall): AccountAnswer;
};
//# sourceMappingURL=calendar-operation.d.ts.map