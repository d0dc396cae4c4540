import type { CalendarState, Resource, StoredCalendar } from './calendar-state.js';
/** Adds an empty calendar, its entry in the calendar list, and the rule that makes the owner its owner. */
export declare function addCalendar(state: CalendarState, id: string, given: Resource): StoredCalendar;
//# sourceMappingURL=add-calendar.d.ts.map