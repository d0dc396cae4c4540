import { etagOf } from './calendar-state.js';
import { Refusal } from './refusal.js';
/** 200 with the entity tag, or 304 when the caller has this version already. */
export function withEtag(call, body, etag) {
    const headers = { etag };
    const known = call.request.method === 'GET' ? call.request.headers['if-none-match'] : undefined;
    if (known === etag)
        return { status: 304, headers, body: null };
    const { kind, ...rest } = body;
    return { status: 200, headers, body: { kind, etag, ...rest } };
}
/** Answers with one resource. */
export function resourceAnswer(call, stored, body) {
    return withEtag(call, body, etagOf(stored));
}
/** 412 when the caller changes another version than the one there is. */
export function checkIfMatch(call, stored) {
    const expected = call.request.headers['if-match'];
    if (expected === undefined || expected === '*' || expected === etagOf(stored))
        return;
    throw new Refusal({
        code: 412,
        reason: 'conditionNotMet',
        message: 'Precondition Failed',
        location: { locationType: 'header', location: 'If-Match' },
    });
}
//# sourceMappingURL=resource-answer.js.map