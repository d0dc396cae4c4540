import { gone, invalid } from './refusal.js';
import { withEtag } from './resource-answer.js';
const day = 24 * 60 * 60 * 1000;
/** Google keeps the history that sync tokens and `updatedMin` need for about four weeks. */
export const historyMilliseconds = 28 * day;
/** `maxResults` is an upper bound; Google promises no more than that, and neither does the account. */
const largestPage = 5;
function seal(call, value) {
    const text = JSON.stringify(value);
    return `${Buffer.from(text).toString('base64url')}${call.state.seal(text)}`;
}
function unseal(call, token) {
    const text = Buffer.from(token.slice(0, -12), 'base64url').toString();
    if (token.slice(-12) !== call.state.seal(text))
        return null;
    return JSON.parse(text);
}
/** Everything of the query that must stay the same from page to page. */
function fingerprint(call) {
    const kept = [...call.query].filter(([name]) => name !== 'pageToken' && name !== 'maxResults');
    return `${call.request.path}?${new URLSearchParams(kept.sort()).toString()}`;
}
function readPageToken(call) {
    const presented = call.query.get('pageToken');
    if (!presented)
        return { query: '', offset: 0, version: call.state.version() };
    const token = unseal(call, presented);
    if (token?.query !== fingerprint(call))
        throw invalid('Invalid page token value.', 'pageToken');
    return token;
}
/** The version that the caller's sync token stands for, or null without one. */
function syncedVersion(call) {
    const presented = call.query.get('syncToken');
    if (!presented)
        return null;
    const token = unseal(call, presented);
    const oldest = Math.max(call.state.clock().getTime() - historyMilliseconds, call.state.syncHorizon);
    if (token?.list !== call.request.path || token.issuedAt < oldest)
        throw gone('fullSyncRequired', 'Sync token is no longer valid, a full sync is required.');
    return token.version;
}
/** Answers one page of a list, with `nextPageToken`, or `nextSyncToken` on the last. */
export function listPage(listing) {
    const { call, kind, entries } = listing;
    const since = syncedVersion(call);
    const page = readPageToken(call);
    const changed = since === null ? entries : entries.filter(({ version }) => version > since);
    const size = Math.min(Number(call.query.get('maxResults') ?? largestPage), largestPage);
    const end = page.offset + size;
    const items = changed.slice(page.offset, end).filter((stored) => listing.visible(stored));
    const issuedAt = call.state.clock().getTime();
    const { version } = page;
    const next = end < changed.length
        ? { nextPageToken: seal(call, { query: fingerprint(call), offset: end, version }) }
        : listing.syncable
            ? { nextSyncToken: seal(call, { list: call.request.path, version, issuedAt }) }
            : {};
    const body = {
        kind,
        ...listing.members,
        ...next,
        items: items.map((stored) => listing.render(stored)),
    };
    return withEtag(call, body, `"p${call.state.version()}"`);
}
//# sourceMappingURL=list-page.js.map