import type { EmulatorOptions } from 'emulate';
import type { AccountAnswer, AccountRequest } from '../server/account-request.js';
import type { TokenDesk } from '../server/token-desk.js';
import type { RunningAccount, TestAccount } from '../test-account.js';
/** Passes a request on to the emulator and returns its answer. */
export type Forward = (request: AccountRequest) => Promise<AccountAnswer>;
export type EmulatedAccount = {
    readonly service: EmulatorOptions['service'];
    readonly seed: NonNullable<EmulatorOptions['seed']>;
    readonly tokens: TokenDesk | null;
    /** What the real API does and the emulator does not: strict tokens, missing routes, spellings. */
    handle(request: AccountRequest, forward: Forward): AccountAnswer | Promise<AccountAnswer>;
    describe(url: string): TestAccount;
    /** Data that the seed cannot express. */
    fill?(url: string): Promise<void>;
};
/** Starts an account of `emulate` behind a server that adds what makes it behave like the provider. */
export declare function startEmulatedAccount(options: EmulatedAccount): Promise<RunningAccount>;
//# sourceMappingURL=start-emulated-account.d.ts.map