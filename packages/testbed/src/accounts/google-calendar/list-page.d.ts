import type { AccountAnswer } from '../server/account-request.js';
import type { CalendarCall } from './calendar-operation.js';
import type { Resource, Stored } from './calendar-state.js';
/** Google keeps the history that sync tokens and `updatedMin` need for about four weeks. */
export declare const historyMilliseconds: number;
export type Listing = {
    readonly call: CalendarCall;
    readonly kind: string;
    readonly entries: readonly Stored[];
    /** Filters after a page was cut, which is why a page can be empty while more follow. */
    visible(stored: Stored): boolean;
    render(stored: Stored): Resource;
    /** Whether the last page carries a `nextSyncToken`. */
    readonly syncable: boolean;
    readonly members?: Resource;
};
/** Answers one page of a list, with `nextPageToken`, or `nextSyncToken` on the last. */
export declare function listPage(listing: Listing): AccountAnswer;
//# sourceMappingURL=list-page.d.ts.map