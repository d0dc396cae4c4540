import type { AccountOptions } from '../test-account.js';
import type { EmulatedAccount } from './start-emulated-account.js';
/** GitHub as `emulate` does it, with made-up tokens refused. */
export declare function githubAccount(options: AccountOptions): EmulatedAccount;
//# sourceMappingURL=github-account.d.ts.map