import type { AccountOptions } from '../test-account.js';
import type { EmulatedAccount } from './start-emulated-account.js';
/** Slack as `emulate` does it, strict on scopes and tokens, and answering to GET as well. */
export declare function slackAccount(options: AccountOptions): EmulatedAccount;
//# sourceMappingURL=slack-account.d.ts.map