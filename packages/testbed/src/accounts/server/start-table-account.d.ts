import type { AccountHandler } from './account-request.js';
import type { RunningAccount, TestAccount } from '../test-account.js';
export type TableAccount = {
    readonly handle: AccountHandler;
    /** Empties the tables and fills them with the first data. */
    readonly seed: () => void;
    readonly describe: (url: string) => TestAccount;
};
/** Serves an account that keeps its data in tables and knows one fixed secret. */
export declare function startTableAccount(options: TableAccount): Promise<RunningAccount>;
//# sourceMappingURL=start-table-account.d.ts.map