import { addCalendar } from './add-calendar.js';
import { findCalendar } from './find-calendar.js';
import { forbidden, invalid, missing } from './refusal.js';
import { checkIfMatch, resourceAnswer } from './resource-answer.js';
import { textOf } from './text-of.js';
const writable = ['summary', 'description', 'location', 'timeZone'];
function answer(call, { calendar }) {
    return resourceAnswer(call, calendar, { kind: 'calendar#calendar', ...calendar.value });
}
function checkedCalendar(body) {
    if (typeof body['summary'] !== 'string' || body['summary'] === '')
        throw missing('Missing title.');
    const timeZone = body['timeZone'];
    if (timeZone !== undefined &&
        !Intl.supportedValuesOf('timeZone').concat('UTC').includes(textOf(timeZone)))
        throw invalid('Invalid time zone.');
    const given = writable.filter((name) => body[name] !== undefined && body[name] !== null);
    return Object.fromEntries(given.map((name) => [name, body[name]]));
}
export function getCalendar(call) {
    return answer(call, findCalendar(call));
}
export function insertCalendar(call) {
    const given = checkedCalendar(call.body);
    const id = `${call.state.newId(40)}@group.calendar.google.com`;
    return answer(call, addCalendar(call.state, id, { timeZone: 'UTC', ...given }));
}
/** The list shows a calendar's title and time zone too. */
function copyToList(state, calendar) {
    const entry = state.calendarList.get(calendar.id);
    if (!entry || entry.deleted)
        return;
    state.put(state.calendarList, calendar.id, { ...entry.value, ...calendar.calendar.value });
}
function storeChange(call, body) {
    const calendar = findCalendar(call);
    checkIfMatch(call, calendar.calendar);
    const old = calendar.calendar.value;
    const fixed = {
        id: calendar.id,
        conferenceProperties: old['conferenceProperties'],
        timeZone: old['timeZone'],
    };
    calendar.calendar = call.state.stamp(calendar.id, {
        ...fixed,
        ...checkedCalendar(body(calendar.calendar)),
    });
    copyToList(call.state, calendar);
    return answer(call, calendar);
}
export function updateCalendar(call) {
    return storeChange(call, () => call.body);
}
export function patchCalendar(call) {
    return storeChange(call, (stored) => ({ ...stored.value, ...call.body }));
}
export function deleteCalendar(call) {
    const { id, calendar } = findCalendar(call);
    if (id === call.state.owner)
        throw forbidden('The primary calendar of an account cannot be deleted.');
    checkIfMatch(call, calendar);
    call.state.calendars.delete(id);
    call.state.remove(call.state.calendarList, id);
    return { status: 204, body: null };
}
export function clearCalendar(call) {
    const { id, events } = findCalendar(call);
    if (id !== call.state.owner)
        throw invalid('Invalid Value', 'calendarId');
    for (const eventId of events.keys())
        call.state.remove(events, eventId);
    return { status: 204, body: null };
}
//# sourceMappingURL=calendar-handlers.js.map