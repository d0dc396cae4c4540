import { addCalendar } from './add-calendar.js';
import { newEvent } from './event-resource.js';
const day = 24 * 60 * 60 * 1000;
const hour = 60 * 60 * 1000;
const titles = [
    'Weekly planning',
    'Call with Ada',
    'Dentist',
    'Design review',
    'Release day',
    'Cancelled: stand-up 1',
    'Cancelled: stand-up 2',
    'Cancelled: stand-up 3',
    'Cancelled: stand-up 4',
    'Cancelled: stand-up 5',
    'Lunch with Grace',
    'Retrospective',
    'Quarterly report due',
];
/** Events on the days after the clock's; the cancelled ones fill a page on which nothing is visible. */
function seedEvents(state) {
    const calendar = state.calendars.get(state.owner);
    if (!calendar)
        return;
    const today = Math.floor(state.clock().getTime() / day) * day;
    for (const [index, summary] of titles.entries()) {
        const start = today + (index + 1) * day + 9 * hour;
        const at = (moment) => ({
            dateTime: new Date(moment).toISOString().replace('.000', ''),
        });
        const id = state.newId(26);
        const times = { start: at(start), end: at(start + hour) };
        state.put(calendar.events, id, { ...newEvent(state, calendar.id, id), summary, ...times });
        if (summary.startsWith('Cancelled'))
            state.remove(calendar.events, id);
    }
}
/** The primary calendar with some events, a second calendar, and the user's settings. */
export function seedCalendar(state) {
    addCalendar(state, state.owner, { summary: state.owner, timeZone: 'Europe/Vienna' });
    const team = `${state.newId(40)}@group.calendar.google.com`;
    addCalendar(state, team, {
        summary: 'Team',
        description: 'Shared dates',
        timeZone: 'Europe/Vienna',
    });
    seedEvents(state);
    const settings = {
        locale: 'en',
        timezone: 'Europe/Vienna',
        weekStart: '1',
        format24HourTime: 'true',
    };
    for (const [id, value] of Object.entries(settings))
        state.put(state.settings, id, { id, value });
}
//# sourceMappingURL=seed-calendar.js.map