import { etagOf } from './calendar-state.js';
import { findCalendar, findStored } from './find-calendar.js';
import { listPage } from './list-page.js';
import { badRequest, forbidden, missing } from './refusal.js';
import { checkIfMatch, resourceAnswer } from './resource-answer.js';
const kind = 'calendar#calendarListEntry';
const writable = [
    'colorId backgroundColor foregroundColor hidden selected summaryOverride',
    'defaultReminders notificationSettings',
].flatMap((names) => names.split(' '));
function render(stored) {
    const deleted = stored.deleted ? { deleted: true } : {};
    return { kind, etag: etagOf(stored), ...stored.value, ...deleted };
}
const answer = (call, stored) => resourceAnswer(call, stored, render(stored));
const given = (body) => Object.fromEntries(writable.filter((name) => name in body).map((name) => [name, body[name]]));
function findEntry(call) {
    const id = call.path['calendarId'];
    return findStored(call.state.calendarList, id === 'primary' ? call.state.owner : id);
}
export function listCalendarList(call) {
    const { query, state } = call;
    if (query.has('syncToken') && query.has('minAccessRole'))
        throw badRequest('Sync token cannot be used with minAccessRole.');
    const flag = (name) => query.get(name) === 'true' || query.has('syncToken');
    return listPage({
        call,
        kind: 'calendar#calendarList',
        entries: [...state.calendarList.values()],
        visible: ({ deleted, value }) => (flag('showDeleted') || !deleted) && (flag('showHidden') || value['hidden'] !== true),
        render,
        syncable: !query.has('minAccessRole'),
    });
}
export function getCalendarListEntry(call) {
    return answer(call, findEntry(call));
}
export function insertCalendarListEntry(call) {
    if (typeof call.body['id'] !== 'string')
        throw missing('Required');
    const calendar = findCalendar(call, call.body['id']);
    const old = call.state.calendarList.get(calendar.id)?.value;
    const value = { ...old, ...calendar.calendar.value, ...given(call.body) };
    return answer(call, call.state.put(call.state.calendarList, calendar.id, value));
}
export function changeCalendarListEntry(call) {
    const stored = findEntry(call);
    checkIfMatch(call, stored);
    const value = { ...stored.value, ...given(call.body) };
    return answer(call, call.state.put(call.state.calendarList, stored.id, value));
}
export function deleteCalendarListEntry(call) {
    const stored = findEntry(call);
    if (stored.id === call.state.owner)
        throw forbidden('The primary calendar cannot be removed from the list.');
    call.state.remove(call.state.calendarList, stored.id);
    return { status: 204, body: null };
}
//# sourceMappingURL=calendar-list-handlers.js.map