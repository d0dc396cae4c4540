/** Adds an empty calendar, its entry in the calendar list, and the rule that makes the owner its owner. */
export function addCalendar(state, id, given) {
    const conferenceProperties = { allowedConferenceSolutionTypes: ['hangoutsMeet'] };
    const value = { id, ...given, conferenceProperties };
    const calendar = {
        id,
        calendar: state.stamp(id, value),
        events: new Map(),
        rules: new Map(),
    };
    state.calendars.set(id, calendar);
    const ruleId = `user:${state.owner}`;
    state.put(calendar.rules, ruleId, {
        id: ruleId,
        role: 'owner',
        scope: { type: 'user', value: state.owner },
    });
    state.put(state.calendarList, id, {
        ...value,
        colorId: '14',
        backgroundColor: '#9fe1e7',
        foregroundColor: '#000000',
        selected: true,
        accessRole: 'owner',
        defaultReminders: [],
        ...(id === state.owner ? { primary: true } : {}),
    });
    return calendar;
}
//# sourceMappingURL=add-calendar.js.map