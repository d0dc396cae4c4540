import { createFaultSwitch } from './fault-switch.js';
import { startAccountServer } from './start-account-server.js';
/** Serves an account that keeps its data in tables and knows one fixed secret. */
export async function startTableAccount(options) {
    const { handle, seed, describe } = options;
    seed();
    const faults = createFaultSwitch();
    const server = await startAccountServer(handle, faults);
    return {
        account: describe(server.url),
        controls: { faults, tokens: null, requests: server.requests },
        async reset() {
            seed();
            faults.clear();
            server.forgetRequests();
        },
        close: () => server.close(),
    };
}
//# sourceMappingURL=start-table-account.js.map