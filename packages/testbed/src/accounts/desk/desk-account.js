import { bearerToken } from '../server/account-request.js';
import { routeRequests } from '../server/route-requests.js';
import { startTableAccount } from '../server/start-table-account.js';
import { createTable } from '../server/table.js';
const choices = {
    status: ['open', 'pending', 'solved'],
    priority: ['low', 'normal', 'high'],
};
const ticketFields = ['subject', 'body', 'status', 'priority', 'requester_email'];
const unprocessable = (errors) => ({ status: 422, body: { errors } });
const notFound = () => ({ status: 404, body: { message: 'Not found' } });
const isForm = ({ headers }) => (headers['content-type'] ?? '').includes('application/x-www-form-urlencoded');
function errorsOf(form, required) {
    const errors = {};
    for (const name of required)
        if (!form.get(name)?.trim())
            errors[name] = ["can't be blank"];
    for (const [name, allowed] of Object.entries(choices)) {
        const value = form.get(name);
        if (value !== null && !allowed.includes(value))
            errors[name] = [`is not one of ${allowed.join(', ')}`];
    }
    return errors;
}
/** The members of a form-encoded body, or its refusal. */
function checked(request, fields, required) {
    if (!isForm(request))
        return { status: 415, body: { message: 'Send a form-encoded body.' } };
    const form = new URLSearchParams(request.body.toString());
    const errors = errorsOf(form, required);
    if (Object.keys(errors).length > 0)
        return unprocessable(errors);
    return { values: Object.fromEntries([...form].filter(([name]) => fields.includes(name))) };
}
const isAnswer = (value) => 'status' in value;
/** `filter[status]=open&filter[priority]=high`. */
function filtered(rows, { query }) {
    const wanted = Object.keys(choices).map((name) => [name, query.get(`filter[${name}]`)]);
    return rows.filter((row) => wanted.every(([name, value]) => value === null || row[name] === value));
}
/** Newest first; `after` is the id of the last row of the page before. */
function afterLast(name, rows, { query }) {
    const limit = Math.min(Math.max(1, Number(query.get('limit') ?? 6) || 6), 30);
    const after = query.get('after');
    const newest = [...rows].reverse();
    const left = after === null ? newest : newest.filter(({ id }) => id < Number(after));
    return { status: 200, body: { [name]: left.slice(0, limit), has_more: left.length > limit } };
}
/** Pages that name the address of the next one. */
function linked(rows, { query, path, headers }) {
    const size = 2;
    const start = Number(query.get('start') ?? 0);
    const next = start + size < rows.length ? `http://${headers['host']}${path}?start=${start + size}` : null;
    return { status: 200, body: { items: rows.slice(start, start + size), links: { next } } };
}
function ticketRoutes(tickets) {
    return [
        {
            method: 'GET',
            path: '/api/tickets',
            handle: (request) => afterLast('tickets', filtered(tickets.all(), request), request),
        },
        {
            method: 'POST',
            path: '/api/tickets',
            handle(request) {
                const found = checked(request, ticketFields, ['subject', 'body']);
                if (isAnswer(found))
                    return found;
                const first = { status: 'open', priority: 'normal', requester_email: null };
                return { status: 201, body: tickets.insert({ ...first, ...found.values }) };
            },
        },
        {
            method: 'GET',
            path: '/api/tickets/{id}',
            handle({ params }) {
                const ticket = tickets.get(params['id']);
                return ticket ? { status: 200, body: ticket } : notFound();
            },
        },
        {
            method: 'PUT',
            path: '/api/tickets/{id}',
            handle(request) {
                const ticket = tickets.get(request.params['id']);
                if (!ticket)
                    return notFound();
                const found = checked(request, ticketFields, []);
                return isAnswer(found)
                    ? found
                    : { status: 200, body: tickets.update(ticket.id, found.values) };
            },
        },
        {
            method: 'DELETE',
            path: '/api/tickets/{id}',
            handle({ params }) {
                const ticket = tickets.get(params['id']);
                if (!ticket)
                    return notFound();
                tickets.delete(ticket.id);
                return { status: 204, body: null };
            },
        },
    ];
}
function replyRoutes(tickets, replies) {
    const path = '/api/tickets/{id}/replies';
    return [
        {
            method: 'GET',
            path,
            handle(request) {
                const ticket = tickets.get(request.params['id']);
                if (!ticket)
                    return notFound();
                const own = replies.all().filter((reply) => reply['ticket_id'] === ticket.id);
                return afterLast('replies', own, request);
            },
        },
        {
            method: 'POST',
            path,
            handle(request) {
                const ticket = tickets.get(request.params['id']);
                if (!ticket)
                    return notFound();
                const found = checked(request, ['body'], ['body']);
                if (isAnswer(found))
                    return found;
                return { status: 201, body: replies.insert({ ...found.values, ticket_id: ticket.id }) };
            },
        },
    ];
}
/** A made-up help desk: bearer token, form bodies, last-id cursors, links in bodies. Not part of the demo. */
export function startDeskAccount({ seed, clock }) {
    const token = `desk-token-${seed}`;
    const tickets = createTable(clock);
    const replies = createTable(clock);
    const agents = createTable(clock);
    const route = routeRequests([
        ...ticketRoutes(tickets),
        ...replyRoutes(tickets, replies),
        { method: 'GET', path: '/api/agents', handle: (request) => linked(agents.all(), request) },
    ]);
    return startTableAccount({
        seed() {
            for (const table of [tickets, replies, agents])
                table.clear();
            for (let index = 1; index <= 14; index += 1)
                tickets.insert({
                    subject: `Question ${index}`,
                    body: 'How does it work?',
                    status: index % 3 ? 'open' : 'solved',
                    priority: index % 2 ? 'normal' : 'high',
                    requester_email: null,
                });
            for (const name of ['Ada', 'Grace', 'Edsger', 'Barbara', 'Donald'])
                agents.insert({ name, email: `${name.toLowerCase()}@desk.example`, active: true });
        },
        handle(request) {
            if (bearerToken(request) !== token)
                return { status: 401, body: { message: 'Unauthorized' } };
            return route(request) ?? notFound();
        },
        describe: (url) => ({
            provider: 'desk',
            integrationKey: 'desk',
            connectionId: 'test-account',
            baseUrl: `${url}/api`,
            tokenUrl: null,
            credential: { kind: 'bearer', token },
            note: 'A made-up help desk that measures how general the drafts are.',
        }),
    });
}
//# sourceMappingURL=desk-account.js.map