import { etagOf } from './calendar-state.js';
import { emptyTimeRange, instantOf } from './event-time.js';
import { findStored } from './find-calendar.js';
import { listPage } from './list-page.js';
import { badRequest, missing } from './refusal.js';
import { resourceAnswer, withEtag } from './resource-answer.js';
import { textOf } from './text-of.js';
const renderSetting = (stored) => ({
    kind: 'calendar#setting',
    etag: etagOf(stored),
    ...stored.value,
});
export function listSettings(call) {
    return listPage({
        call,
        kind: 'calendar#settings',
        entries: [...call.state.settings.values()],
        visible: () => true,
        render: renderSetting,
        syncable: true,
    });
}
export function getSetting(call) {
    const stored = findStored(call.state.settings, call.path['setting']);
    return resourceAnswer(call, stored, renderSetting(stored));
}
const color = (background) => ({ background, foreground: '#1d1d1d' });
export function getColors(call) {
    const event = {
        1: color('#a4bdfc'),
        2: color('#7ae7bf'),
        3: color('#dbadff'),
        4: color('#ff887c'),
    };
    const calendar = {
        1: color('#ac725e'),
        2: color('#d06b64'),
        3: color('#f83a22'),
        14: color('#9fe1e7'),
    };
    const updated = '2012-02-14T00:00:00.000Z';
    return withEtag(call, { kind: 'calendar#colors', updated, calendar, event }, '"colors-1"');
}
/** Periods that overlap or touch become one. */
function merged(periods) {
    const result = [];
    for (const [start, end] of [...periods].sort((a, b) => a[0] - b[0])) {
        const last = result.at(-1);
        if (last && start <= last[1])
            result.splice(-1, 1, [last[0], Math.max(last[1], end)]);
        else
            result.push([start, end]);
    }
    return result;
}
function busyTimes(call, id, [from, to]) {
    const calendar = call.state.calendars.get(id === 'primary' ? call.state.owner : id);
    if (!calendar)
        return { errors: [{ domain: 'global', reason: 'notFound' }], busy: [] };
    const iso = (moment) => new Date(moment).toISOString().replace('.000', '');
    const periods = [...calendar.events.values()]
        .filter(({ deleted, value }) => !deleted && value['transparency'] !== 'transparent')
        .map(({ value }) => [instantOf(value['start']), instantOf(value['end'])])
        .filter(([start, end]) => end > from && start < to)
        .map(([start, end]) => [Math.max(start, from), Math.min(end, to)]);
    return { busy: merged(periods).map(([start, end]) => ({ start: iso(start), end: iso(end) })) };
}
function requiredTime(body, name) {
    if (body[name] === undefined)
        throw missing(`Missing ${name}.`);
    const moment = Date.parse(textOf(body[name]));
    if (Number.isNaN(moment))
        throw badRequest('Bad Request');
    return moment;
}
export function queryFreeBusy(call) {
    const range = [requiredTime(call.body, 'timeMin'), requiredTime(call.body, 'timeMax')];
    if (range[1] <= range[0])
        throw emptyTimeRange();
    const items = (call.body['items'] ?? []);
    const calendars = items.map(({ id }) => [textOf(id), busyTimes(call, textOf(id), range)]);
    const { timeMin, timeMax } = call.body;
    const body = {
        kind: 'calendar#freeBusy',
        timeMin,
        timeMax,
        calendars: Object.fromEntries(calendars),
    };
    return { status: 200, body };
}
//# sourceMappingURL=account-handlers.js.map