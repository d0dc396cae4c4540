export type Row = Readonly<Record<string, unknown>> & {
    readonly id: number;
};
/** Rows of one kind in memory, with ids that count up and times of creation and change. */
export type Table = {
    all(): Row[];
    get(id: string | number | undefined): Row | undefined;
    insert(values: Readonly<Record<string, unknown>>): Row;
    update(id: number, values: Readonly<Record<string, unknown>>): Row;
    delete(id: number): void;
    clear(): void;
};
/** An empty table; `clock` gives `created_at` and `updated_at`. */
export declare function createTable(clock: () => Date): Table;
//# sourceMappingURL=table.d.ts.map