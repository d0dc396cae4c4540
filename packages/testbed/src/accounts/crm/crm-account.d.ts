import type { AccountOptions, RunningAccount } from '../test-account.js';
/** A made-up CRM: API key in a header, offsets, page numbers, envelopes. Not part of the demo. */
export declare function startCrmAccount({ seed, clock }: AccountOptions): Promise<RunningAccount>;
//# sourceMappingURL=crm-account.d.ts.map