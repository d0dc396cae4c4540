import type { AccountOptions } from '../test-account.js';
import type { EmulatedAccount } from './start-emulated-account.js';
/** Gmail as `emulate` does it, with tokens that expire and refresh, and with the profile it lacks. */
export declare function googleMailAccount(options: AccountOptions): EmulatedAccount;
//# sourceMappingURL=google-mail-account.d.ts.map