import { createTokenDesk } from '../server/token-desk.js';
import { googleTokenRefusal } from '../google/google-error.js';
const email = 'demo@plumb.example';
const scopes = ['https://mail.google.com/', 'https://www.googleapis.com/auth/gmail.settings.basic'];
/** A token of the emulator's own, which accepts any. */
const innerToken = 'ya29-emulated';
const letter = (id, from, subject) => ({
    id: `msg-${id}`,
    thread_id: `thread-${id}`,
    from,
    to: email,
    subject,
    body_text: `${subject}\n\nThis is letter ${id} of the demo mailbox.`,
    label_ids: id % 2 ? ['INBOX', 'UNREAD'] : ['INBOX'],
    date: `2026-03-0${id}T09:00:00.000Z`,
    internal_date: String(Date.parse(`2026-03-0${id}T09:00:00.000Z`)),
});
const seed = {
    tokens: { [innerToken]: { login: email, scopes } },
    google: {
        users: [{ email, name: 'Plumb Demo' }],
        labels: [{ id: 'Label_1', user_email: email, name: 'Receipts' }],
        messages: [
            letter(1, 'ada@plumb.example', 'Agenda for Monday'),
            letter(2, 'billing@shop.example', 'Your receipt 2041'),
            letter(3, 'grace@plumb.example', 'Notes from the call'),
            letter(4, 'news@weekly.example', 'The week in APIs'),
        ],
    },
};
/** Counts `list` over all pages; the emulator has no profile, so it is computed. */
async function count(list, request, forward) {
    let total = 0;
    let pageToken;
    do {
        const query = new URLSearchParams({ maxResults: '500', includeSpamTrash: 'true' });
        if (pageToken)
            query.set('pageToken', pageToken);
        const path = `/gmail/v1/users/me/${list}`;
        const answer = await forward({ ...request, path, query });
        const page = JSON.parse(String(answer.body));
        total += (page[list] ?? []).length;
        pageToken = page.nextPageToken;
    } while (pageToken);
    return total;
}
async function profile(request, forward) {
    const messagesTotal = await count('messages', request, forward);
    const threadsTotal = await count('threads', request, forward);
    const watch = await forward({
        ...request,
        method: 'GET',
        path: '/gmail/v1/users/me/history',
        query: new URLSearchParams({ startHistoryId: '1', maxResults: '1' }),
    });
    const { historyId = '1' } = JSON.parse(String(watch.body));
    return { status: 200, body: { emailAddress: email, messagesTotal, threadsTotal, historyId } };
}
const isProfile = ({ method, path }) => method === 'GET' && /^\/gmail\/v1\/users\/[^/]+\/profile$/.test(path);
/** Gmail as `emulate` does it, with tokens that expire and refresh, and with the profile it lacks. */
export function googleMailAccount(options) {
    const { clock } = options;
    const tokens = createTokenDesk({
        seed: `gmail-${options.seed}`,
        clock,
        scopes,
        lifetimeSeconds: 3600,
    });
    return {
        service: 'google',
        seed,
        tokens,
        async handle(request, forward) {
            if (request.method === 'POST' && request.path === '/token')
                return tokens.exchange(request);
            const refusal = googleTokenRefusal(request, tokens);
            if (refusal)
                return refusal;
            const headers = { ...request.headers, authorization: `Bearer ${innerToken}` };
            const inner = { ...request, headers };
            const answer = isProfile(request) ? await profile(inner, forward) : await forward(inner);
            const kept = Object.entries(answer.headers ?? {}).filter(([name]) => !name.startsWith('x-ratelimit'));
            return { ...answer, headers: Object.fromEntries(kept) };
        },
        describe: (url) => ({
            provider: 'google-mail',
            integrationKey: 'google-mail',
            connectionId: 'test-account',
            baseUrl: url,
            tokenUrl: `${url}/token`,
            credential: { kind: 'oauth2', ...tokens.first() },
            oauthClient: tokens.client,
            note: `Emulated mailbox of ${email}. Access tokens last an hour and can be refreshed.`,
        }),
    };
}
//# sourceMappingURL=google-mail-account.js.map