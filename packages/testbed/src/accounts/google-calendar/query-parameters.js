const text = (name, description) => ({
    name,
    description,
    type: 'string',
});
const flag = (name, description) => ({
    name,
    description,
    type: 'boolean',
});
const time = (name, description) => ({
    ...text(name, `${description} RFC 3339 with an offset, such as 2026-03-01T09:00:00Z.`),
    format: 'date-time',
});
export const sendUpdates = {
    ...text('sendUpdates', 'Which guests are told by mail about the change.'),
    values: ['all', 'externalOnly', 'none'],
};
/** Parameters of every list that pages and can continue from a sync token. */
const paging = (largest) => [
    {
        name: 'maxResults',
        type: 'integer',
        minimum: 1,
        maximum: largest,
        description: 'Upper bound for the entries of one page. A page can hold fewer, or none, although more follow; only a missing nextPageToken ends the list.',
    },
    text('pageToken', 'The nextPageToken of the page before. The other parameters must stay the same.'),
    text('syncToken', 'The nextSyncToken from the last page of an earlier list: only entries that changed since are returned, deleted ones included. A token that is too old is answered with 410, and the list has to be read again in full.'),
];
export const listParameters = {
    calendarList: [
        ...paging(250),
        {
            ...text('minAccessRole', 'Only calendars on which the user has at least this role.'),
            values: ['freeBusyReader', 'reader', 'writer', 'owner'],
        },
        flag('showDeleted', 'Also list entries that were removed.'),
        flag('showHidden', 'Also list hidden entries.'),
    ],
    rules: [...paging(250), flag('showDeleted', 'Also list removed rules, with the role none.')],
    settings: paging(250),
    events: [
        ...paging(2500),
        text('iCalUID', 'Only the event with this iCalendar id.'),
        {
            ...text('orderBy', 'Order of the events. startTime needs singleEvents=true.'),
            values: ['startTime', 'updated'],
        },
        {
            ...text('privateExtendedProperty', 'Only events with this private property, as name=value.'),
            repeated: true,
        },
        text('q', 'Words to search in summary, description, location and guests.'),
        {
            ...text('sharedExtendedProperty', 'Only events with this shared property, as name=value.'),
            repeated: true,
        },
        flag('showDeleted', 'Also list deleted events, with the status cancelled.'),
        flag('singleEvents', 'Whether to list instances of recurring events in place of the events themselves.'),
        time('timeMax', 'Only events that start before this time.'),
        time('timeMin', 'Only events that end after this time.'),
        text('timeZone', 'Time zone of the response.'),
        time('updatedMin', 'Only events that were changed at or after this time, deleted ones included. Times more than four weeks ago are answered with 410.'),
    ],
};
export const destination = {
    ...text('destination', 'Id of the calendar to move the event to.'),
    required: true,
};
export const quickAddText = {
    ...text('text', 'The text that describes the event. It becomes the summary; without a time in it the event takes the next full hour.'),
    required: true,
};
//# sourceMappingURL=query-parameters.js.map