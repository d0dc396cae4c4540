import type { CalendarOperation } from './calendar-operation.js';
export declare const accountOperations: readonly CalendarOperation[];
//# sourceMappingURL=account-operations.d.ts.map