import { badRequest, invalid, missing, Refusal } from './refusal.js';
import { textOf } from './text-of.js';
const hasOffset = (dateTime) => /(Z|[+-]\d\d:\d\d)$/i.test(dateTime);
const dateTimePattern = /^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:\d\d)?$/i;
function knownTimeZone(timeZone) {
    try {
        new Intl.DateTimeFormat('en', { timeZone });
        return true;
    }
    catch {
        return false;
    }
}
/** The offset of a time zone at a moment, as `+02:00`. */
function offsetAt(moment, timeZone) {
    const format = new Intl.DateTimeFormat('en', { timeZone, timeZoneName: 'longOffset' });
    const part = format.formatToParts(moment).find(({ type }) => type === 'timeZoneName');
    return part?.value.replace('GMT', '') || 'Z';
}
/** Adds the offset of its time zone to a time that was written without one. */
function absolute(dateTime, timeZone) {
    if (hasOffset(dateTime))
        return dateTime;
    return dateTime + offsetAt(Date.parse(`${dateTime}Z`), timeZone);
}
/** Epoch milliseconds of a stored start or end; dates begin at midnight UTC. */
export function instantOf(when) {
    const { date, dateTime } = (when ?? {});
    return Date.parse(textOf(dateTime ?? date));
}
function checkedDate(date) {
    if (/^\d{4}-\d\d-\d\d$/.test(date) && !Number.isNaN(Date.parse(date)))
        return { date };
    throw invalid(`Invalid value for: Invalid format: "${date}"`);
}
function checkedTime(when, which) {
    const { date, dateTime, timeZone } = when;
    if (timeZone !== undefined && !knownTimeZone(textOf(timeZone)))
        throw invalid(`Invalid time zone definition for ${which} time.`);
    if (date !== undefined)
        return checkedDate(textOf(date));
    const text = textOf(dateTime);
    if (!dateTimePattern.test(text) || Number.isNaN(Date.parse(text)))
        throw badRequest('Bad Request');
    if (timeZone !== undefined)
        return { dateTime: absolute(text, textOf(timeZone)), timeZone };
    if (!hasOffset(text))
        throw missing(`Missing time zone definition for ${which} time.`);
    return { dateTime: text };
}
function presentTime(value, which) {
    const when = (value ?? {});
    if (when.date === undefined && when.dateTime === undefined)
        throw missing(`Missing ${which} time.`);
    return when;
}
/** Start and end as they are stored; refused as Google refuses them. */
export function checkedTimes(body) {
    const end = presentTime(body['end'], 'end');
    const start = presentTime(body['start'], 'start');
    if ((start.date === undefined) !== (end.date === undefined))
        throw invalid('Start and end times must either both be date or both be dateTime.');
    const times = { start: checkedTime(start, 'start'), end: checkedTime(end, 'end') };
    if (instantOf(times.end) < instantOf(times.start))
        throw emptyTimeRange();
    return times;
}
export const emptyTimeRange = () => new Refusal({
    code: 400,
    reason: 'timeRangeEmpty',
    message: 'The specified time range is empty.',
    domain: 'calendar',
    location: { locationType: 'parameter', location: 'timeMax' },
});
//# sourceMappingURL=event-time.js.map