import { renderEvent } from './event-resource.js';
import { emptyTimeRange, instantOf } from './event-time.js';
import { findCalendar } from './find-calendar.js';
import { historyMilliseconds, listPage } from './list-page.js';
import { badRequest, gone } from './refusal.js';
const notWithSyncToken = 'iCalUID orderBy privateExtendedProperty q sharedExtendedProperty timeMin timeMax updatedMin'.split(' ');
function timeOf(call, name) {
    const text = call.query.get(name);
    return text === null ? null : Date.parse(text);
}
function checkCombination(call) {
    const { query } = call;
    const clash = notWithSyncToken.some((name) => query.has(name)) || query.get('showDeleted') === 'false';
    if (query.has('syncToken') && clash)
        throw badRequest('Sync token cannot be used with some of the other parameters.');
    if (query.get('orderBy') === 'startTime' && query.get('singleEvents') !== 'true')
        throw badRequest('The requested ordering is not available for the particular query.');
}
function byTime(call) {
    const from = timeOf(call, 'timeMin');
    const to = timeOf(call, 'timeMax');
    if (from !== null && to !== null && to <= from)
        throw emptyTimeRange();
    return ({ value }) => (from === null || instantOf(value['end']) > from) &&
        (to === null || instantOf(value['start']) < to);
}
/** Deleted events are hidden, except from callers who ask for them or for what changed. */
function byChange(call) {
    const since = timeOf(call, 'updatedMin');
    if (since !== null && since < call.state.clock().getTime() - historyMilliseconds)
        throw gone('updatedMinTooLongAgo', 'The requested minimum modification time lies too far in the past.');
    if (since !== null)
        return ({ updatedAt }) => updatedAt >= since;
    const all = call.query.get('showDeleted') === 'true';
    return ({ deleted }) => all || !deleted;
}
function byText(call) {
    const text = call.query.get('q')?.toLowerCase();
    const uid = call.query.get('iCalUID');
    const searched = ['summary', 'description', 'location', 'attendees', 'organizer'];
    return ({ value }) => {
        if (uid !== null && value['iCalUID'] !== uid)
            return false;
        return (!text ||
            searched.some((name) => JSON.stringify(value[name] ?? '')
                .toLowerCase()
                .includes(text)));
    };
}
function byProperties(call) {
    const wanted = ['private', 'shared'].flatMap((kind) => call.query
        .getAll(`${kind}ExtendedProperty`)
        .map((pair) => [kind, ...pair.split('=', 2)]));
    return ({ value }) => {
        const properties = (value['extendedProperties'] ?? {});
        return wanted.every(([kind, name, expected]) => properties[kind]?.[name ?? ''] === expected);
    };
}
function ordered(call, events) {
    const order = call.query.get('orderBy');
    if (order === 'startTime')
        return events.sort((a, b) => instantOf(a.value['start']) - instantOf(b.value['start']));
    return order === 'updated' ? events.sort((a, b) => a.version - b.version) : events;
}
/** Lists events of a calendar, by page, by change since a token, or by change since a time. */
export function listEvents(call) {
    const calendar = findCalendar(call);
    checkCombination(call);
    const filters = [byTime(call), byChange(call), byText(call), byProperties(call)];
    const synced = call.query.has('syncToken');
    const { summary, timeZone } = calendar.calendar.value;
    return listPage({
        call,
        kind: 'calendar#events',
        entries: ordered(call, [...calendar.events.values()]),
        visible: (stored) => synced || filters.every((filter) => filter(stored)),
        render: renderEvent,
        syncable: !notWithSyncToken.some((name) => call.query.has(name)),
        members: {
            summary,
            timeZone,
            updated: call.state.clock().toISOString(),
            accessRole: 'owner',
            defaultReminders: [],
        },
    });
}
//# sourceMappingURL=list-events.js.map