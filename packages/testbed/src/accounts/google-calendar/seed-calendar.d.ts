import type { CalendarState } from './calendar-state.js';
/** The primary calendar with some events, a second calendar, and the user's settings. */
export declare function seedCalendar(state: CalendarState): void;
//# sourceMappingURL=seed-calendar.d.ts.map