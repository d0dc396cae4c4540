import type { CalendarState, Resource, Stored } from './calendar-state.js';
/** The members of an event that a caller may set, checked. */
export declare function checkedEvent(body: Resource): Resource;
/** What a new event has beside the members its creator gave. */
export declare function newEvent(state: CalendarState, calendarId: string, id: string): Resource;
/** An event as it is answered. */
export declare function renderEvent(stored: Stored): Resource;
//# sourceMappingURL=event-resource.d.ts.map