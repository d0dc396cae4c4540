export { startAccounts } from './start-accounts.js';
export type { Accounts } from './start-accounts.js';
export type { AccountControls, TestAccount } from './test-account.js';
export type { Fault, FaultRule, FaultSwitch } from './server/fault-switch.js';
export type { LoggedRequest } from './server/start-account-server.js';
export type { TokenDesk } from './server/token-desk.js';
//# sourceMappingURL=index.d.ts.map