/** An empty table; `clock` gives `created_at` and `updated_at`. */
export function createTable(clock) {
    const rows = new Map();
    let last = 0;
    return {
        all: () => [...rows.values()],
        get: (id) => rows.get(Number(id)),
        insert(values) {
            last += 1;
            const now = clock().toISOString();
            const row = { id: last, ...values, created_at: now, updated_at: now };
            rows.set(last, row);
            return row;
        },
        update(id, values) {
            const row = { ...rows.get(id), ...values, id, updated_at: clock().toISOString() };
            rows.set(id, row);
            return row;
        },
        delete: (id) => void rows.delete(id),
        clear() {
            rows.clear();
            last = 0;
        },
    };
}
//# sourceMappingURL=table.js.map