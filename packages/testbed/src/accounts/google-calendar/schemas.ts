/** A JSON Schema as the API description carries it. */
type Schema = Readonly<Record<string, unknown>>

const text = (description: string, more: Schema = {}): Schema => ({
  type: 'string',
  description,
  ...more,
})
const flag = (description: string): Schema => ({ type: 'boolean', description })
const time = (description: string): Schema => text(description, { format: 'date-time' })
const list = (items: Schema, description = ''): Schema => ({
  type: 'array',
  items,
  ...(description ? { description } : {}),
})
const object = (properties: Schema, description = ''): Schema => ({
  type: 'object',
  ...(description ? { description } : {}),
  properties,
})
const ref = (name: string): Schema => ({ $ref: `#/components/schemas/${name}` })
const map = (values: Schema, description: string): Schema => ({
  type: 'object',
  description,
  additionalProperties: values,
})

const etag = text('Entity tag of this version, in quotes.')
const kind = (value: string): Schema => text('Kind of the resource.', { default: value })

const page = (name: string, item: string): Schema => ({
  kind: kind(name),
  etag,
  nextPageToken: text('Token of the next page. Missing on the last page.'),
  nextSyncToken: text('Token for listing later what changed since. Only on the last page.'),
  items: list(ref(item)),
})

const colors = {
  colorId: text('Id of the colour, from the colors endpoint.'),
  backgroundColor: text('Background, as #rrggbb.'),
  foregroundColor: text('Foreground, as #rrggbb.'),
}

const conferenceProperties = object(
  { allowedConferenceSolutionTypes: list({ type: 'string' }) },
  'Which kinds of video meetings the calendar allows.',
)

const calendar = {
  summary: text('Title of the calendar. Required when a calendar is created.'),
  description: text('Description of the calendar.'),
  location: text('Place of the calendar.'),
  timeZone: text('Time zone of the calendar, as an IANA name such as Europe/Vienna.'),
}

const person = object({
  email: text('Mail address.'),
  displayName: text('Name.'),
  self: flag('Whether this is the calendar on which the event is shown.'),
})

const event = {
  kind: kind('calendar#event'),
  etag,
  id: text(
    'Id of the event: 5 to 1024 characters of 0-9 and a-v. Chosen by the server when left out.',
  ),
  status: text('cancelled means deleted.', { enum: ['confirmed', 'tentative', 'cancelled'] }),
  htmlLink: text('Page of the event in Google Calendar.', { readOnly: true }),
  created: time('When the event was created.'),
  updated: time('When the event was last changed.'),
  summary: text('Title of the event.'),
  description: text('Description of the event.'),
  location: text('Place of the event.'),
  colorId: text('Id of the colour, from the colors endpoint.'),
  creator: person,
  organizer: person,
  start: ref('EventDateTime'),
  end: ref('EventDateTime'),
  transparency: text('Whether the event blocks time.', { enum: ['opaque', 'transparent'] }),
  visibility: text('Who sees the event.', {
    enum: ['default', 'public', 'private', 'confidential'],
  }),
  iCalUID: text('Id of the event in iCalendar.'),
  sequence: { type: 'integer', description: 'Number of changes, as in iCalendar.' },
  attendees: list(ref('EventAttendee'), 'The guests.'),
  eventType: text('Kind of the event.'),
  extendedProperties: object({
    private: map({ type: 'string' }, 'Properties that only this calendar sees.'),
    shared: map({ type: 'string' }, 'Properties that the calendars of all guests see.'),
  }),
  reminders: object({
    useDefault: flag('Whether the reminders of the calendar apply.'),
    overrides: list(ref('EventReminder')),
  }),
}

/** The shapes of what the account reads and answers. Like Google's own, they mark no member as required. */
export const calendarSchemas: Readonly<Record<string, Schema>> = {
  Acl: object(page('calendar#acl', 'AclRule')),
  AclRule: object({
    kind: kind('calendar#aclRule'),
    etag,
    id: text('Id of the rule, such as user:ada@example.com.'),
    role: text('What the scope may do. Required when a rule is created.', {
      enum: ['none', 'freeBusyReader', 'reader', 'writer', 'owner'],
    }),
    scope: object(
      {
        type: text('To whom the rule applies.', { enum: ['default', 'user', 'group', 'domain'] }),
        value: text('Mail address or domain. Not with the type default.'),
      },
      'To whom the rule applies. Required when a rule is created.',
    ),
  }),
  Calendar: object({
    kind: kind('calendar#calendar'),
    etag,
    id: text('Id of the calendar.'),
    ...calendar,
    conferenceProperties,
  }),
  CalendarList: object(page('calendar#calendarList', 'CalendarListEntry')),
  CalendarListEntry: object({
    kind: kind('calendar#calendarListEntry'),
    etag,
    id: text('Id of the calendar.'),
    ...calendar,
    ...colors,
    summaryOverride: text('Title that this user gave the calendar.'),
    hidden: flag('Whether the calendar is hidden from the list.'),
    selected: flag('Whether the events of the calendar are shown.'),
    accessRole: text('What the user may do.', {
      enum: ['freeBusyReader', 'reader', 'writer', 'owner'],
    }),
    defaultReminders: list(ref('EventReminder')),
    primary: flag('Whether this is the primary calendar of the user.'),
    deleted: flag('Whether the calendar was removed from the list.'),
    conferenceProperties,
  }),
  ColorDefinition: object({ background: text('As #rrggbb.'), foreground: text('As #rrggbb.') }),
  Colors: object({
    kind: kind('calendar#colors'),
    updated: time('When the palette was last changed.'),
    calendar: map(ref('ColorDefinition'), 'Colours of calendars, by id.'),
    event: map(ref('ColorDefinition'), 'Colours of events, by id.'),
  }),
  Event: object(event),
  EventAttendee: object({
    email: text('Mail address of the guest. Required when a guest is added.'),
    displayName: text('Name of the guest.'),
    optional: flag('Whether the guest is optional.'),
    responseStatus: text('The answer of the guest.', {
      enum: ['needsAction', 'declined', 'tentative', 'accepted'],
    }),
    comment: text('Comment of the guest.'),
  }),
  EventDateTime: object(
    {
      date: text('Day of an all-day event, as yyyy-mm-dd.', { format: 'date' }),
      dateTime: time('Time of an event. Without an offset, timeZone is needed.'),
      timeZone: text('Time zone, as an IANA name such as Europe/Vienna.'),
    },
    'Start or end of an event: either date or dateTime, the same kind for both. The end is exclusive.',
  ),
  EventReminder: object({
    method: text('How to remind.', { enum: ['email', 'popup'] }),
    minutes: { type: 'integer', description: 'Minutes before the start.' },
  }),
  Events: object({
    ...page('calendar#events', 'Event'),
    summary: text('Title of the calendar.'),
    timeZone: text('Time zone of the calendar.'),
    updated: time('When the calendar was last changed.'),
    accessRole: text('What the user may do in the calendar.'),
    defaultReminders: list(ref('EventReminder')),
  }),
  FreeBusyCalendar: object({
    busy: list(ref('TimePeriod'), 'When the calendar is busy.'),
    errors: list(
      object({ domain: text('Domain of the error.'), reason: text('Reason of the error.') }),
    ),
  }),
  FreeBusyRequest: object({
    timeMin: time('Start of the time asked about. Required.'),
    timeMax: time('End of the time asked about. Required.'),
    timeZone: text('Time zone of the response.'),
    items: list(object({ id: text('Id of a calendar.') }), 'Calendars asked about.'),
  }),
  FreeBusyResponse: object({
    kind: kind('calendar#freeBusy'),
    timeMin: time('Start of the time asked about.'),
    timeMax: time('End of the time asked about.'),
    calendars: map(ref('FreeBusyCalendar'), 'Busy times, by calendar id.'),
  }),
  Setting: object({
    kind: kind('calendar#setting'),
    etag,
    id: text('Name of the setting.'),
    value: text('Value of the setting.'),
  }),
  Settings: object(page('calendar#settings', 'Setting')),
  TimePeriod: object({ start: time('Start.'), end: time('End, exclusive.') }),
}
