import { googleAccessRefusal } from '../google/google-error.js';
import { createRouter } from '../server/route-requests.js';
import { accessRuleOperations } from './access-rule-operations.js';
import { accountOperations } from './account-operations.js';
import { calendarOperations } from './calendar-operations.js';
import { eventOperations } from './event-operations.js';
import { badRequest, invalid, notFound, Refusal } from './refusal.js';
export const basePath = '/calendar/v3';
/** Every operation of the account, sorted by path. */
export const operations = [
    ...calendarOperations,
    ...accountOperations,
    ...eventOperations,
    ...accessRuleOperations,
].sort((a, b) => (a.path < b.path ? -1 : a.path > b.path ? 1 : 0));
const findOperation = createRouter(operations, basePath);
function checkInteger(parameter, value) {
    const { name, minimum = -Infinity, maximum = Infinity } = parameter;
    const number = Number(value);
    if (!Number.isInteger(number))
        throw invalid(`Invalid integer value: '${value}'.`, name);
    if (number < minimum || number > maximum)
        throw invalid(`Invalid value '${value}'. Values must be within the range: [${minimum}, ${maximum}]`, name);
}
const rfc3339 = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$/i;
function checkValue(parameter, value) {
    const { name, type, values, format } = parameter;
    if (type === 'integer')
        checkInteger(parameter, value);
    if (type === 'boolean' && !['true', 'false'].includes(value))
        throw invalid(`Invalid boolean value: '${value}'.`, name);
    if (values && !values.includes(value))
        throw invalid(`Invalid string value: '${value}'. Allowed values: [${values.join(', ')}]`, name);
    if (format === 'date-time' && !(rfc3339.test(value) && !Number.isNaN(Date.parse(value))))
        throw badRequest('Bad Request');
}
function checkQuery({ query }, given) {
    for (const parameter of query) {
        const values = given.getAll(parameter.name);
        if (parameter.required && !values[0])
            throw new Refusal({
                code: 400,
                reason: 'required',
                message: `Required parameter: ${parameter.name}`,
                location: { locationType: 'parameter', location: parameter.name },
            });
        for (const value of values)
            checkValue(parameter, value);
    }
}
function readBody(request, operation) {
    if (operation.request === null || request.body.length === 0)
        return {};
    const parseError = new Refusal({ code: 400, reason: 'parseError', message: 'Parse Error' });
    if (!(request.headers['content-type'] ?? '').includes('json'))
        throw parseError;
    try {
        const parsed = JSON.parse(request.body.toString());
        if (typeof parsed === 'object' && parsed !== null && !Array.isArray(parsed))
            return parsed;
    }
    catch {
        throw parseError;
    }
    throw parseError;
}
function answer(request, { state, tokens }) {
    const match = findOperation(request);
    if (!match)
        throw notFound();
    const { route: operation, params: path } = match;
    const { scopes, rpc } = operation;
    const refused = googleAccessRefusal(request, tokens, {
        scopes,
        rpc,
        service: 'calendar-json.googleapis.com',
    });
    if (refused)
        return refused;
    checkQuery(operation, request.query);
    const body = readBody(request, operation);
    return operation.handle({ state, request, query: request.query, path, body });
}
/** Answers a request to the account: token, scope, parameters, then the operation itself. */
export function handleCalendarRequest(request, account) {
    try {
        if (request.method === 'POST' && request.path === '/token')
            return account.tokens.exchange(request);
        return answer(request, account);
    }
    catch (error) {
        if (error instanceof Refusal)
            return error.answer;
        throw error;
    }
}
//# sourceMappingURL=handle-calendar-request.js.map