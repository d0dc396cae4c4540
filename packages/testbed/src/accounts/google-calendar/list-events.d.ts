import type { AccountAnswer } from '../server/account-request.js';
import type { CalendarCall } from './calendar-operation.js';
/** Lists events of a calendar, by page, by change since a token, or by change since a time. */
export declare function listEvents(call: CalendarCall): AccountAnswer;
//# sourceMappingURL=list-events.d.ts.map