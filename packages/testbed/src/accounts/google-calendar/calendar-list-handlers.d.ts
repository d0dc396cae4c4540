import type { AccountAnswer } from '../server/account-request.js';
import type { CalendarCall } from './calendar-operation.js';
export declare function listCalendarList(call: CalendarCall): AccountAnswer;
export declare function getCalendarListEntry(call: CalendarCall): AccountAnswer;
export declare function insertCalendarListEntry(call: CalendarCall): AccountAnswer;
export declare function changeCalendarListEntry(call: CalendarCall): AccountAnswer;
export declare function deleteCalendarListEntry(call: CalendarCall): AccountAnswer;
//# sourceMappingURL=calendar-list-handlers.d.ts.map