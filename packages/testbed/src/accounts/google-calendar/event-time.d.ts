import type { Resource } from './calendar-state.js';
import { Refusal } from './refusal.js';
/** Epoch milliseconds of a stored start or end; dates begin at midnight UTC. */
export declare function instantOf(when: unknown): number;
/** Start and end as they are stored; refused as Google refuses them. */
export declare function checkedTimes(body: Resource): {
    start: Resource;
    end: Resource;
};
export declare const emptyTimeRange: () => Refusal;
//# sourceMappingURL=event-time.d.ts.map