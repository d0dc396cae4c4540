import type { AccountOptions, RunningAccount } from '../test-account.js';
/** A made-up help desk: bearer token, form bodies, last-id cursors, links in bodies. Not part of the demo. */
export declare function startDeskAccount({ seed, clock }: AccountOptions): Promise<RunningAccount>;
//# sourceMappingURL=desk-account.d.ts.map