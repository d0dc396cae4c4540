const listPath = /^\/repos\/[^/]+\/[^/]+\/issues$/;
const onePath = /^\/repos\/[^/]+\/[^/]+\/issues\/\d+$/;
/** A pull request as the issues endpoints show it. */
function asIssue(pull) {
    const url = String(pull['url']).replace(/\/pulls\/(\d+)$/, '/issues/$1');
    const { html_url, diff_url, patch_url, merged_at } = pull;
    const copied = 'id node_id number title user labels state locked active_lock_reason assignee assignees milestone created_at updated_at closed_at body author_association';
    return {
        ...Object.fromEntries(copied.split(' ').map((name) => [name, pull[name]])),
        url,
        repository_url: url.replace(/\/issues\/\d+$/, ''),
        labels_url: `${url}/labels{/name}`,
        comments_url: `${url}/comments`,
        events_url: `${url}/events`,
        timeline_url: `${url}/timeline`,
        html_url,
        comments: pull['comments'] ?? 0,
        draft: pull['draft'] ?? false,
        state_reason: null,
        performed_via_github_app: null,
        pull_request: { url: pull['url'], html_url, diff_url, patch_url, merged_at: merged_at ?? null },
    };
}
async function readAll(request, forward) {
    const items = [];
    for (let page = 1;; page += 1) {
        const query = new URLSearchParams(request.query);
        query.set('per_page', '100');
        query.set('page', String(page));
        const answer = await forward({ ...request, query });
        if (answer.status !== 200)
            return answer;
        const found = JSON.parse(String(answer.body));
        items.push(...found);
        if (found.length < 100)
            return items;
    }
}
const named = (value, key) => value?.[key];
function matchesPeople(issue, query) {
    const creator = query.get('creator');
    const assignee = query.get('assignee');
    if (creator && named(issue['user'], 'login') !== creator)
        return false;
    return !assignee || assignee === '*' || named(issue['assignee'], 'login') === assignee;
}
/** The filters of the issues endpoint, which the pulls endpoint does not have. */
function matches(issue, query) {
    const labels = (issue['labels'] ?? []).map((label) => named(label, 'name'));
    const wanted = query.get('labels')?.split(',') ?? [];
    const since = query.get('since');
    if (query.has('milestone') || !wanted.every((label) => labels.includes(label)))
        return false;
    if (since && Date.parse(String(issue['updated_at'])) < Date.parse(since))
        return false;
    return matchesPeople(issue, query);
}
function sorted(issues, query) {
    const key = query.get('sort') === 'updated' ? 'updated_at' : 'created_at';
    const sign = query.get('direction') === 'asc' ? 1 : -1;
    const place = (issue) => Date.parse(String(issue[key]));
    const number = (issue) => Number(issue['number']);
    return [...issues].sort((a, b) => sign * (place(a) - place(b) || number(a) - number(b)));
}
function linkHeader(url, query, pages) {
    const to = (rel, page) => {
        const search = new URLSearchParams(query);
        search.set('page', String(page));
        return `<${url}?${String(search)}>; rel="${rel}"`;
    };
    const { page, last } = pages;
    return [
        ...(page > 1 ? [to('prev', page - 1), to('first', 1)] : []),
        ...(page < last ? [to('next', page + 1), to('last', last)] : []),
    ].join(', ');
}
const positive = (text, otherwise) => Math.max(1, Number(text) || otherwise);
async function listIssues(request, forward) {
    const { query, path } = request;
    const issues = await readAll(request, forward);
    if (!Array.isArray(issues))
        return issues;
    const state = new URLSearchParams({ state: query.get('state') ?? 'open' });
    const pullsPath = path.replace(/issues$/, 'pulls');
    const pulls = await readAll({ ...request, path: pullsPath, query: state }, forward);
    if (!Array.isArray(pulls))
        return pulls;
    const shown = pulls.map(asIssue).filter((issue) => matches(issue, query));
    const all = sorted([...issues, ...shown], query);
    const size = Math.min(positive(query.get('per_page'), 30), 100);
    const page = positive(query.get('page'), 1);
    const url = `http://${request.headers['host']}${path}`;
    const link = linkHeader(url, query, { page, last: Math.ceil(all.length / size) });
    return {
        status: 200,
        headers: link ? { link } : {},
        body: all.slice((page - 1) * size, page * size),
    };
}
/** An issue, or the pull request of that number as an issue. */
async function oneIssue(request, forward) {
    const answer = await forward(request);
    if (answer.status !== 404)
        return answer;
    const pull = await forward({ ...request, path: request.path.replace('/issues/', '/pulls/') });
    if (pull.status !== 200)
        return answer;
    return { status: 200, body: asIssue(JSON.parse(String(pull.body))) };
}
/**
 * Answers like GitHub, for which every pull request is an issue too: in lists, and by its number.
 * The emulator keeps the two apart.
 */
export async function forwardWithPullRequests(request, forward) {
    const { method, path } = request;
    if (method === 'GET' && listPath.test(path))
        return listIssues(request, forward);
    if (['GET', 'PATCH'].includes(method) && onePath.test(path))
        return oneIssue(request, forward);
    return forward(request);
}
//# sourceMappingURL=github-issues.js.map