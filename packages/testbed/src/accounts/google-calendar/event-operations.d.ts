import type { CalendarOperation } from './calendar-operation.js';
export declare const eventOperations: readonly CalendarOperation[];
//# sourceMappingURL=event-operations.d.ts.map