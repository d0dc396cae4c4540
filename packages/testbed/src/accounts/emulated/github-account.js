import { createHash } from 'node:crypto';
import { bearerToken } from '../server/account-request.js';
import { forwardWithPullRequests } from './github-issues.js';
const scopes = ['repo', 'user', 'delete_repo', 'read:org'];
const owner = 'plumb-demo';
const repository = 'handbook';
const issues = [
    { title: 'Search does not find titles with umlauts', labels: ['bug'] },
    { title: 'Explain how to rotate an API key', labels: ['documentation'] },
    { title: 'Dark mode for the reading view', labels: ['enhancement'] },
    { title: 'Broken link on the onboarding page', labels: ['bug', 'documentation'] },
];
const labels = { bug: 'd73a4a', documentation: '0075ca', enhancement: 'a2eeef' };
/** Sends JSON to the account as its owner; throws when it is refused. */
async function post(url, token, body) {
    const response = await fetch(url, {
        method: url.includes('/contents/') ? 'PUT' : 'POST',
        headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
        body: JSON.stringify(body),
    });
    if (!response.ok)
        throw new Error(`${url} answered ${response.status}: ${await response.text()}`);
}
/** A repository with labels, issues and one pull request, which the issues list contains too. */
async function fill(url, token) {
    const base = `${url}/repos/${owner}/${repository}`;
    for (const [name, color] of Object.entries(labels))
        await post(`${base}/labels`, token, { name, color });
    for (const issue of issues)
        await post(`${base}/issues`, token, issue);
    const head = await fetch(`${base}/git/ref/heads/main`, {
        headers: { authorization: `Bearer ${token}` },
    });
    const { object } = (await head.json());
    await post(`${base}/git/refs`, token, { ref: 'refs/heads/fix-link', sha: object.sha });
    const content = Buffer.from('# Onboarding\n').toString('base64');
    await post(`${base}/contents/onboarding.md`, token, {
        message: 'Fix link',
        content,
        branch: 'fix-link',
    });
    await post(`${base}/pulls`, token, {
        title: 'Fix the broken link',
        head: 'fix-link',
        base: 'main',
    });
}
/** GitHub as `emulate` does it, with made-up tokens refused. */
export function githubAccount(options) {
    const secret = createHash('sha256').update(`github ${options.seed}`).digest('hex').slice(0, 36);
    const token = `gho_${secret}`;
    return {
        service: 'github',
        seed: {
            tokens: { [token]: { login: owner, scopes } },
            github: {
                users: [
                    { login: owner, name: 'Plumb Demo', email: 'demo@plumb.example' },
                    { login: 'ada', name: 'Ada Example', email: 'ada@plumb.example' },
                ],
                repos: [{ owner, name: repository, language: 'TypeScript', auto_init: true }],
            },
        },
        tokens: null,
        async handle(request, forward) {
            const presented = bearerToken(request);
            if (presented !== null && presented !== token)
                return {
                    status: 401,
                    body: { message: 'Bad credentials', documentation_url: 'https://docs.github.com/rest' },
                };
            const answer = await forwardWithPullRequests(request, forward);
            return { ...answer, headers: { ...answer.headers, 'x-oauth-scopes': scopes.join(', ') } };
        },
        fill: (url) => fill(url, token),
        describe: (url) => ({
            provider: 'github',
            integrationKey: 'github',
            connectionId: 'test-account',
            baseUrl: url,
            tokenUrl: null,
            credential: { kind: 'oauth2', accessToken: token, scopes },
            note: `Emulated GitHub. ${owner} owns ${owner}/${repository}, with issues and a pull request.`,
        }),
    };
}
//# sourceMappingURL=github-account.js.map