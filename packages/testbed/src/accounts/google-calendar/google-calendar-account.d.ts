import type { AccountOptions, RunningAccount } from '../test-account.js';
/** Our own strict account of Google Calendar, with everything in memory. */
export declare function startGoogleCalendarAccount(options: AccountOptions): Promise<RunningAccount>;
//# sourceMappingURL=google-calendar-account.d.ts.map