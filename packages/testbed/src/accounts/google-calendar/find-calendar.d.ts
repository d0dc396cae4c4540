import type { CalendarCall } from './calendar-operation.js';
import type { Collection, Stored, StoredCalendar } from './calendar-state.js';
/** The calendar of the path; `primary` stands for the owner's. */
export declare function findCalendar(call: CalendarCall, name?: string | undefined): StoredCalendar;
/** A member that exists and was not deleted. */
export declare function findStored(collection: Collection, id: string | undefined): Stored;
//# sourceMappingURL=find-calendar.d.ts.map