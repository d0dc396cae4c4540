import type { AccountAnswer } from '../server/account-request.js';
import type { CalendarCall } from './calendar-operation.js';
export declare function getEvent(call: CalendarCall): AccountAnswer;
export declare function insertEvent(call: CalendarCall): AccountAnswer;
export declare function updateEvent(call: CalendarCall): AccountAnswer;
export declare function patchEvent(call: CalendarCall): AccountAnswer;
export declare function deleteEvent(call: CalendarCall): AccountAnswer;
export declare function moveEvent(call: CalendarCall): AccountAnswer;
export declare function quickAddEvent(call: CalendarCall): AccountAnswer;
//# sourceMappingURL=event-handlers.d.ts.map