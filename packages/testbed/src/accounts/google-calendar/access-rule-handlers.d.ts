import type { AccountAnswer } from '../server/account-request.js';
import type { CalendarCall } from './calendar-operation.js';
export declare function listRules(call: CalendarCall): AccountAnswer;
export declare function getRule(call: CalendarCall): AccountAnswer;
export declare function insertRule(call: CalendarCall): AccountAnswer;
export declare function changeRule(call: CalendarCall): AccountAnswer;
export declare function deleteRule(call: CalendarCall): AccountAnswer;
//# sourceMappingURL=access-rule-handlers.d.ts.map