import { routeRequests } from '../server/route-requests.js';
import { startTableAccount } from '../server/start-table-account.js';
import { createTable } from '../server/table.js';
const refuse = (status, code, message) => ({
    status,
    body: { error: { code, message } },
});
const notFound = () => refuse(404, 'not_found', 'No such record.');
const contactFields = {
    first_name: 'string',
    last_name: 'string',
    email: 'string',
    phone: 'string',
    company_id: 'number',
    archived: 'boolean',
};
const dealFields = {
    title: 'string',
    amount_cents: 'number',
    stage: 'string',
    contact_id: 'number',
};
function parsed(request) {
    try {
        const body = JSON.parse(request.body.toString());
        return typeof body === 'object' && body !== null ? body : null;
    }
    catch {
        return null;
    }
}
/** The known members of a body, or the reason why it is refused. */
function checked(request, fields, required) {
    const body = parsed(request);
    if (!body)
        return refuse(400, 'bad_json', 'The body is not a JSON object.');
    const missing = required.filter((name) => body[name] === undefined);
    if (missing.length > 0)
        return refuse(400, 'missing_field', `Missing: ${missing.join(', ')}.`);
    const given = Object.entries(body).filter(([name]) => name in fields);
    const wrong = given.find(([name, value]) => value !== null && typeof value !== fields[name]);
    if (wrong)
        return refuse(400, 'bad_field', `"${wrong[0]}" is not a ${fields[wrong[0]]}.`);
    return { values: Object.fromEntries(given) };
}
const isAnswer = (value) => 'status' in value;
const numberOf = (text, otherwise) => text === null || Number.isNaN(Number(text)) ? otherwise : Number(text);
/** `offset` and `limit`; at most 50 rows. */
function byOffset(rows, { query }) {
    const offset = numberOf(query.get('offset'), 0);
    const limit = Math.min(numberOf(query.get('limit'), 10), 50);
    const data = rows.slice(offset, offset + limit);
    return { status: 200, body: { data, meta: { total: rows.length, offset, limit } } };
}
/** `page`, from 1, and `page_size`; at most 20 rows. */
function byPage(rows, { query }) {
    const page = numberOf(query.get('page'), 1);
    const page_size = Math.min(numberOf(query.get('page_size'), 5), 20);
    const data = rows.slice((page - 1) * page_size, page * page_size);
    const total_pages = Math.ceil(rows.length / page_size);
    return { status: 200, body: { data, meta: { page, page_size, total_pages } } };
}
const one = (row, status = 200) => ({ status, body: { data: row } });
function changedSince(rows, { query }) {
    const since = query.get('updated_since');
    return rows.filter((row) => !since || String(row['updated_at']) >= new Date(since).toISOString());
}
function contactRoutes({ contacts }) {
    const empty = { email: null, phone: null, company_id: null, archived: false };
    return [
        {
            method: 'GET',
            path: '/v2/contacts',
            handle: (request) => byOffset(changedSince(contacts.all(), request), request),
        },
        {
            method: 'POST',
            path: '/v2/contacts',
            handle(request) {
                const found = checked(request, contactFields, ['first_name', 'last_name']);
                return isAnswer(found) ? found : one(contacts.insert({ ...empty, ...found.values }), 201);
            },
        },
        {
            method: 'GET',
            path: '/v2/contacts/{contact_id}',
            handle({ params }) {
                const row = contacts.get(params['contact_id']);
                return row ? one(row) : notFound();
            },
        },
        {
            method: 'PATCH',
            path: '/v2/contacts/{contact_id}',
            handle(request) {
                const row = contacts.get(request.params['contact_id']);
                if (!row)
                    return notFound();
                const found = checked(request, contactFields, []);
                return isAnswer(found) ? found : one(contacts.update(row.id, found.values));
            },
        },
        {
            method: 'DELETE',
            path: '/v2/contacts/{contact_id}',
            handle({ params }) {
                const row = contacts.get(params['contact_id']);
                if (!row)
                    return notFound();
                contacts.delete(row.id);
                return { status: 204, body: null };
            },
        },
    ];
}
function companyRoutes({ companies, notes }) {
    const path = '/v2/companies/{company_id}/notes';
    return [
        {
            method: 'GET',
            path: '/v2/companies',
            handle: (request) => byOffset(companies.all(), request),
        },
        {
            method: 'GET',
            path,
            handle(request) {
                const company = companies.get(request.params['company_id']);
                if (!company)
                    return notFound();
                return byOffset(notes.all().filter((note) => note['company_id'] === company.id), request);
            },
        },
        {
            method: 'POST',
            path,
            handle(request) {
                const company = companies.get(request.params['company_id']);
                if (!company)
                    return notFound();
                const found = checked(request, { text: 'string', pinned: 'boolean' }, ['text']);
                if (isAnswer(found))
                    return found;
                return one(notes.insert({ pinned: false, ...found.values, company_id: company.id }), 201);
            },
        },
    ];
}
function dealRoutes({ deals }) {
    return [
        { method: 'GET', path: '/v2/deals', handle: (request) => byPage(deals.all(), request) },
        {
            method: 'POST',
            path: '/v2/deals',
            handle(request) {
                const found = checked(request, dealFields, ['title', 'amount_cents']);
                if (isAnswer(found))
                    return found;
                return one(deals.insert({ stage: 'new', contact_id: null, ...found.values }), 201);
            },
        },
    ];
}
function seedTables(tables) {
    for (const table of Object.values(tables))
        table.clear();
    for (let index = 1; index <= 23; index += 1) {
        const company_id = (index % 4) + 1;
        const email = `person${index}@crm.example`;
        const values = {
            first_name: 'Person',
            last_name: `No ${index}`,
            email,
            phone: null,
            company_id,
        };
        tables.contacts.insert({ ...values, archived: false });
    }
    for (const name of ['Acme', 'Birch', 'Cedar', 'Dune'])
        tables.companies.insert({ name, domain: `${name.toLowerCase()}.example` });
    for (let index = 1; index <= 12; index += 1)
        tables.deals.insert({
            title: `Deal ${index}`,
            amount_cents: index * 1000,
            stage: 'new',
            contact_id: index,
        });
}
/** A made-up CRM: API key in a header, offsets, page numbers, envelopes. Not part of the demo. */
export function startCrmAccount({ seed, clock }) {
    const apiKey = `crm-key-${seed}`;
    const tables = {
        contacts: createTable(clock),
        companies: createTable(clock),
        notes: createTable(clock),
        deals: createTable(clock),
    };
    const route = routeRequests([
        ...contactRoutes(tables),
        ...companyRoutes(tables),
        ...dealRoutes(tables),
    ]);
    return startTableAccount({
        seed: () => seedTables(tables),
        handle(request) {
            if (request.headers['x-api-key'] !== apiKey)
                return refuse(401, 'invalid_key', 'The API key is not valid.');
            return route(request) ?? notFound();
        },
        describe: (url) => ({
            provider: 'crm',
            integrationKey: 'crm',
            connectionId: 'test-account',
            baseUrl: url,
            tokenUrl: null,
            credential: { kind: 'api-key', apiKey },
            note: 'A made-up CRM that measures how general the drafts are.',
        }),
    });
}
//# sourceMappingURL=crm-account.js.map