import type { CalendarOperation } from './calendar-operation.js';
export declare const calendarOperations: readonly CalendarOperation[];
//# sourceMappingURL=calendar-operations.d.ts.map