import type { CalendarOperation } from './calendar-operation.js';
export declare const accessRuleOperations: readonly CalendarOperation[];
//# sourceMappingURL=access-rule-operations.d.ts.map