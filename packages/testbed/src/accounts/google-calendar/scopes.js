const scope = (name) => `https://www.googleapis.com/auth/${name}`;
const full = scope('calendar');
const fullRead = scope('calendar.readonly');
/** Any one scope of a list opens the operations of that group. */
export const operationScopes = {
    readEvents: [full, scope('calendar.events'), scope('calendar.events.readonly'), fullRead],
    writeEvents: [full, scope('calendar.events')],
    readCalendars: [
        full,
        scope('calendar.calendars'),
        scope('calendar.calendars.readonly'),
        fullRead,
    ],
    writeCalendars: [full, scope('calendar.calendars')],
    readList: [
        full,
        scope('calendar.calendarlist'),
        scope('calendar.calendarlist.readonly'),
        fullRead,
    ],
    writeList: [full, scope('calendar.calendarlist')],
    readRules: [full, scope('calendar.acls'), scope('calendar.acls.readonly')],
    writeRules: [full, scope('calendar.acls')],
    readSettings: [full, fullRead, scope('calendar.settings.readonly')],
    readFreeBusy: [full, scope('calendar.events.freebusy'), scope('calendar.freebusy'), fullRead],
    readColors: [
        full,
        scope('calendar.calendarlist'),
        scope('calendar.calendarlist.readonly'),
        scope('calendar.events'),
        scope('calendar.events.readonly'),
        fullRead,
    ],
};
/** What the test account was granted: everything but access control and free/busy of others. */
export const grantedScopes = [
    scope('calendar.events'),
    scope('calendar.calendars'),
    scope('calendar.calendarlist'),
    scope('calendar.settings.readonly'),
    scope('calendar.freebusy'),
];
//# sourceMappingURL=scopes.js.map