import type { AccountAnswer } from '../server/account-request.js';
import type { CalendarCall } from './calendar-operation.js';
export declare function listSettings(call: CalendarCall): AccountAnswer;
export declare function getSetting(call: CalendarCall): AccountAnswer;
export declare function getColors(call: CalendarCall): AccountAnswer;
export declare function queryFreeBusy(call: CalendarCall): AccountAnswer;
//# sourceMappingURL=account-handlers.d.ts.map