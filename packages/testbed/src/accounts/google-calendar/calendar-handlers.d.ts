import type { AccountAnswer } from '../server/account-request.js';
import type { CalendarCall } from './calendar-operation.js';
export declare function getCalendar(call: CalendarCall): AccountAnswer;
export declare function insertCalendar(call: CalendarCall): AccountAnswer;
export declare function updateCalendar(call: CalendarCall): AccountAnswer;
export declare function patchCalendar(call: CalendarCall): AccountAnswer;
export declare function deleteCalendar(call: CalendarCall): AccountAnswer;
export declare function clearCalendar(call: CalendarCall): AccountAnswer;
//# sourceMappingURL=calendar-handlers.d.ts.map