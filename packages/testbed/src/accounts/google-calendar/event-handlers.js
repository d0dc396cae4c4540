import { checkedEvent, newEvent, renderEvent } from './event-resource.js';
import { findCalendar } from './find-calendar.js';
import { badRequest, forbidden, gone, invalid, notFound, Refusal } from './refusal.js';
import { checkIfMatch, resourceAnswer } from './resource-answer.js';
import { textOf } from './text-of.js';
const hour = 60 * 60 * 1000;
const answer = (call, stored) => resourceAnswer(call, stored, renderEvent(stored));
/** An event of the path; a deleted one is still there, as cancelled. */
function findEvent(call, calendar) {
    const found = calendar.events.get(call.path['eventId'] ?? '');
    if (!found)
        throw notFound();
    return found;
}
function idForNew(call, calendar) {
    const wanted = call.body['id'];
    if (wanted === undefined)
        return call.state.newId(26);
    const id = textOf(wanted);
    if (!/^[a-v0-9]{5,1024}$/.test(id))
        throw invalid('Invalid resource id value.');
    if (!calendar.events.has(id))
        return id;
    throw new Refusal({
        code: 409,
        reason: 'duplicate',
        message: 'The requested identifier already exists.',
    });
}
export function getEvent(call) {
    return answer(call, findEvent(call, findCalendar(call)));
}
export function insertEvent(call) {
    const calendar = findCalendar(call);
    const event = checkedEvent(call.body);
    const id = idForNew(call, calendar);
    const value = { ...newEvent(call.state, calendar.id, id), ...event };
    return answer(call, call.state.put(calendar.events, id, value));
}
function changed(call, stored, body) {
    const kept = [
        'id',
        'created',
        'creator',
        'organizer',
        'iCalUID',
        'eventType',
        'htmlLink',
        'sequence',
    ];
    const fixed = Object.fromEntries(kept.map((name) => [name, stored.value[name]]));
    const revived = { status: 'confirmed', reminders: { useDefault: true } };
    return { ...revived, ...fixed, sequence: Number(fixed['sequence']) + 1, ...checkedEvent(body) };
}
function storeChange(call, body) {
    const calendar = findCalendar(call);
    const stored = findEvent(call, calendar);
    checkIfMatch(call, stored);
    const value = changed(call, stored, body(stored));
    if (value['status'] !== 'cancelled')
        return answer(call, call.state.put(calendar.events, stored.id, value));
    call.state.remove(calendar.events, stored.id);
    return answer(call, findEvent(call, calendar));
}
export function updateEvent(call) {
    return storeChange(call, () => call.body);
}
export function patchEvent(call) {
    return storeChange(call, (stored) => ({ ...stored.value, ...call.body }));
}
export function deleteEvent(call) {
    const calendar = findCalendar(call);
    const stored = findEvent(call, calendar);
    if (stored.deleted)
        throw gone('deleted', 'Resource has been deleted');
    checkIfMatch(call, stored);
    call.state.remove(calendar.events, stored.id);
    return { status: 204, body: null };
}
export function moveEvent(call) {
    const source = findCalendar(call);
    const stored = findEvent(call, source);
    const destination = findCalendar(call, call.query.get('destination') ?? '');
    if (stored.deleted)
        throw forbidden('Forbidden');
    if (destination.id === source.id)
        throw badRequest('The source and destination calendars are the same.');
    call.state.remove(source.events, stored.id);
    const organizer = newEvent(call.state, destination.id, stored.id)['organizer'];
    const moved = call.state.put(destination.events, stored.id, { ...stored.value, organizer });
    return answer(call, moved);
}
export function quickAddEvent(call) {
    const calendar = findCalendar(call);
    const start = Math.ceil((call.state.clock().getTime() + 1) / hour) * hour;
    const at = (moment) => ({ dateTime: new Date(moment).toISOString().replace('.000', '') });
    const id = call.state.newId(26);
    const times = { start: at(start), end: at(start + hour) };
    const value = {
        ...newEvent(call.state, calendar.id, id),
        summary: call.query.get('text'),
        ...times,
    };
    return answer(call, call.state.put(calendar.events, id, value));
}
//# sourceMappingURL=event-handlers.js.map