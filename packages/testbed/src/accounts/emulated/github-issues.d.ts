import type { AccountAnswer, AccountRequest } from '../server/account-request.js';
import type { Forward } from './start-emulated-account.js';
/**
 * Answers like GitHub, for which every pull request is an issue too: in lists, and by its number.
 * The emulator keeps the two apart.
 */
export declare function forwardWithPullRequests(request: AccountRequest, forward: Forward): Promise<AccountAnswer>;
//# sourceMappingURL=github-issues.d.ts.map