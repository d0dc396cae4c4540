import { etagOf } from './calendar-state.js';
import { checkedTimes } from './event-time.js';
import { badRequest, invalid, missing, Refusal } from './refusal.js';
import { textOf } from './text-of.js';
const writable = 'summary description location colorId transparency visibility status attendees reminders source extendedProperties guestsCanModify guestsCanInviteOthers guestsCanSeeOtherGuests anyoneCanAddSelf'.split(' ');
const choices = {
    status: ['confirmed', 'tentative', 'cancelled'],
    transparency: ['opaque', 'transparent'],
    visibility: ['default', 'public', 'private', 'confidential'],
};
function checkChoices(body) {
    for (const [name, allowed] of Object.entries(choices)) {
        const value = body[name];
        if (value !== undefined && !allowed.includes(textOf(value)))
            throw invalid(`Invalid value for: ${textOf(value)} is not a valid value`);
    }
}
function checkAttendees(body) {
    const attendees = (body['attendees'] ?? []);
    if (!Array.isArray(attendees))
        throw badRequest('Bad Request');
    for (const { email } of attendees) {
        if (email === undefined)
            throw missing('Missing attendee email.');
        if (!/^[^@\s]+@[^@\s]+$/.test(textOf(email)))
            throw invalid('Invalid attendee email.');
    }
}
function checkReminders(body) {
    const { useDefault, overrides } = (body['reminders'] ?? {});
    if (!useDefault || !overrides?.length)
        return;
    throw new Refusal({
        code: 400,
        reason: 'cannotUseDefaultRemindersAndSpecifyOverride',
        message: 'Cannot specify both default reminders and overrides at the same time.',
        domain: 'calendar',
    });
}
function checkSupported(body) {
    if ((body['recurrence'] ?? []).length === 0)
        return;
    throw new Refusal({
        code: 400,
        reason: 'unsupportedByTestAccount',
        message: 'This test account holds single events only. Leave out "recurrence".',
    });
}
/** The members of an event that a caller may set, checked. */
export function checkedEvent(body) {
    checkSupported(body);
    checkChoices(body);
    checkAttendees(body);
    checkReminders(body);
    const given = writable.filter((name) => body[name] !== undefined && body[name] !== null);
    const attendees = (body['attendees'] ?? []);
    return {
        ...Object.fromEntries(given.map((name) => [name, body[name]])),
        ...(attendees.length > 0
            ? { attendees: attendees.map((one) => ({ responseStatus: 'needsAction', ...one })) }
            : {}),
        ...checkedTimes(body),
    };
}
/** What a new event has beside the members its creator gave. */
export function newEvent(state, calendarId, id) {
    const now = state.clock().toISOString();
    const person = (email) => (email === state.owner ? { email, self: true } : { email });
    return {
        id,
        status: 'confirmed',
        created: now,
        creator: person(state.owner),
        organizer: calendarId === state.owner ? person(calendarId) : { email: calendarId, self: true },
        iCalUID: `${id}@google.com`,
        sequence: 0,
        reminders: { useDefault: true },
        eventType: 'default',
        htmlLink: `https://www.google.com/calendar/event?eid=${Buffer.from(`${id} ${calendarId}`).toString('base64url')}`,
    };
}
/** An event as it is answered. */
export function renderEvent(stored) {
    const updated = new Date(stored.updatedAt).toISOString();
    const status = stored.deleted ? { status: 'cancelled' } : {};
    return { kind: 'calendar#event', etag: etagOf(stored), ...stored.value, updated, ...status };
}
//# sourceMappingURL=event-resource.js.map