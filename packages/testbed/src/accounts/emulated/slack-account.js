import { createHash } from 'node:crypto';
import { bearerToken } from '../server/account-request.js';
const scopes = [
    'chat:write channels:read channels:history channels:join channels:manage channels:write',
    'groups:read groups:history groups:write im:read im:history im:write mpim:read mpim:history',
    'users:read users:read.email users.profile:read users.profile:write users:write files:read',
    'pins:read pins:write reactions:read reactions:write team:read',
].flatMap((line) => line.split(' '));
const users = [
    { name: 'demo', real_name: 'Plumb Demo', email: 'demo@plumb.example' },
    { name: 'ada', real_name: 'Ada Example', email: 'ada@plumb.example' },
    { name: 'grace', real_name: 'Grace Example', email: 'grace@plumb.example' },
];
const channels = [
    { name: 'launch', topic: 'The launch in spring' },
    { name: 'support', topic: 'Questions from customers' },
    { name: 'lunch', topic: 'What is for lunch' },
];
const messages = ['The launch page is live.', 'Who can look at ticket 4711?', 'Soup today.'];
/** Slack answers reads to GET with a query and to POST with a form; the emulator mostly to POST only. */
function asFormPost(request) {
    if (request.method !== 'GET')
        return request;
    const headers = { ...request.headers, 'content-type': 'application/x-www-form-urlencoded' };
    const body = Buffer.from(String(request.query));
    return { ...request, method: 'POST', headers, query: new URLSearchParams(), body };
}
/** The real API answers 200 also to methods that do not exist, and sends no rate limit headers. */
function likeSlack(answer) {
    const kept = Object.entries(answer.headers ?? {}).filter(([name]) => !name.startsWith('x-ratelimit'));
    const headers = { ...Object.fromEntries(kept), 'x-oauth-scopes': scopes.join(',') };
    if (answer.status === 404)
        return { status: 200, headers, body: { ok: false, error: 'unknown_method' } };
    return { ...answer, headers };
}
async function call(url, token, form) {
    const authorization = `Bearer ${token}`;
    return fetch(url, { method: 'POST', headers: { authorization }, body: new URLSearchParams(form) });
}
async function fill(url, token) {
    const listed = await call(`${url}/api/conversations.list`, token, {});
    const body = (await listed.json());
    for (const [index, { name }] of channels.entries()) {
        const channel = body.channels.find((candidate) => candidate.name === name);
        if (!channel)
            throw new Error(`The Slack emulator lists no channel "${name}".`);
        await call(`${url}/api/conversations.join`, token, { channel: channel.id });
        await call(`${url}/api/chat.postMessage`, token, {
            channel: channel.id,
            text: messages[index] ?? name,
        });
    }
}
/** Slack as `emulate` does it, strict on scopes and tokens, and answering to GET as well. */
export function slackAccount(options) {
    const secret = createHash('sha256').update(`slack ${options.seed}`).digest('hex').slice(0, 24);
    const token = `xoxp-${secret}`;
    const team = { name: 'Plumb Demo', domain: 'plumb-demo' };
    const tokens = [{ token, user: 'demo', scopes }];
    return {
        service: 'slack',
        seed: { slack: { team, users, channels, tokens, strict_scopes: true } },
        tokens: null,
        async handle(request, forward) {
            const presented = bearerToken(request);
            if (presented === null)
                return { status: 200, body: { ok: false, error: 'not_authed' } };
            if (presented !== token)
                return { status: 200, body: { ok: false, error: 'invalid_auth' } };
            return likeSlack(await forward(asFormPost(request)));
        },
        fill: (url) => fill(url, token),
        describe: (url) => ({
            provider: 'slack',
            integrationKey: 'slack',
            connectionId: 'test-account',
            baseUrl: `${url}/api`,
            tokenUrl: null,
            credential: { kind: 'oauth2', accessToken: token, scopes },
            note: `Emulated Slack workspace with ${users.length} people and ${channels.length} channels.`,
        }),
    };
}
//# sourceMappingURL=slack-account.js.map