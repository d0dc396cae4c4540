import type { AccountAnswer } from '../server/account-request.js';
import type { CalendarCall } from './calendar-operation.js';
import type { Resource, Stored } from './calendar-state.js';
/** 200 with the entity tag, or 304 when the caller has this version already. */
export declare function withEtag(call: CalendarCall, body: Resource, etag: string): AccountAnswer;
/** Answers with one resource. */
export declare function resourceAnswer(call: CalendarCall, stored: Stored, body: Resource): AccountAnswer;
/** 412 when the caller changes another version than the one there is. */
export declare function checkIfMatch(call: CalendarCall, stored: Stored): void;
//# sourceMappingURL=resource-answer.d.ts.map