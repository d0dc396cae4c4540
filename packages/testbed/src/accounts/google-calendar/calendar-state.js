import { createHash } from 'node:crypto';
/** An account with no calendars yet. */
export function createCalendarState(owner, options) {
    const { seed, clock } = options;
    let version = 0;
    let ids = 0;
    const digest = (text) => createHash('sha256').update(`${seed} ${text}`).digest('hex');
    const stored = (id, value, deleted) => {
        version += 1;
        return { id, value, version, updatedAt: clock().getTime(), deleted };
    };
    return {
        owner,
        calendars: new Map(),
        calendarList: new Map(),
        settings: new Map(),
        clock,
        version: () => version,
        put(collection, id, value) {
            const entry = stored(id, value, false);
            collection.set(id, entry);
            return entry;
        },
        remove(collection, id) {
            const old = collection.get(id);
            if (old)
                collection.set(id, stored(id, old.value, true));
        },
        stamp: (id, value) => stored(id, value, false),
        newId(length) {
            ids += 1;
            return digest(`id ${ids}`).slice(0, length);
        },
        seal: (text) => digest(`seal ${text}`).slice(0, 12),
        syncHorizon: 0,
    };
}
/** Google's entity tags are quoted, also inside JSON. */
export function etagOf(stored) {
    return `"${String(3_500_000_000_000_000 + stored.version)}"`;
}
//# sourceMappingURL=calendar-state.js.map