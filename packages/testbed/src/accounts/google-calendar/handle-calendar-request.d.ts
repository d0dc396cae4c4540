import type { AccountAnswer, AccountRequest } from '../server/account-request.js';
import type { TokenDesk } from '../server/token-desk.js';
import type { CalendarOperation } from './calendar-operation.js';
import type { CalendarState } from './calendar-state.js';
export declare const basePath = "/calendar/v3";
/** Every operation of the account, sorted by path. */
export declare const operations: readonly CalendarOperation[];
type CalendarAccount = {
    readonly state: CalendarState;
    readonly tokens: TokenDesk;
};
/** Answers a request to the account: token, scope, parameters, then the operation itself. */
export declare function handleCalendarRequest(request: AccountRequest, account: CalendarAccount): AccountAnswer;
export {};
//# sourceMappingURL=handle-calendar-request.d.ts.map