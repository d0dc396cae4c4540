export { startAccounts } from './start-accounts.js';
//# sourceMappingURL=index.js.map