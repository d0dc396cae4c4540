import { etagOf } from './calendar-state.js';
import { findCalendar, findStored } from './find-calendar.js';
import { listPage } from './list-page.js';
import { forbidden, invalid, missing } from './refusal.js';
import { checkIfMatch, resourceAnswer } from './resource-answer.js';
import { textOf } from './text-of.js';
const roles = ['none', 'freeBusyReader', 'reader', 'writer', 'owner'];
const scopeTypes = ['default', 'user', 'group', 'domain'];
function render(stored) {
    const role = stored.deleted ? { role: 'none' } : {};
    return { kind: 'calendar#aclRule', etag: etagOf(stored), ...stored.value, ...role };
}
const answer = (call, stored) => resourceAnswer(call, stored, render(stored));
function checkedRole(body) {
    if (body['role'] === undefined)
        throw missing('Missing role.');
    if (!roles.includes(textOf(body['role'])))
        throw invalid('Invalid role.');
    return textOf(body['role']);
}
function checkedScope(body) {
    const { type, value } = (body['scope'] ?? {});
    if (type === undefined)
        throw missing('Missing scope.');
    if (!scopeTypes.includes(textOf(type)))
        throw invalid('Invalid scope type.');
    if (type === 'default')
        return { type };
    if (typeof value !== 'string' || value === '')
        throw invalid('Invalid scope value.');
    return { type: textOf(type), value };
}
const findRule = (call) => findStored(findCalendar(call).rules, call.path['ruleId']);
export function listRules(call) {
    const all = call.query.get('showDeleted') === 'true' || call.query.has('syncToken');
    return listPage({
        call,
        kind: 'calendar#acl',
        entries: [...findCalendar(call).rules.values()],
        visible: ({ deleted }) => all || !deleted,
        render,
        syncable: true,
    });
}
export function getRule(call) {
    return answer(call, findRule(call));
}
export function insertRule(call) {
    const role = checkedRole(call.body);
    const scope = checkedScope(call.body);
    const id = scope.value === undefined ? scope.type : `${scope.type}:${scope.value}`;
    return answer(call, call.state.put(findCalendar(call).rules, id, { id, role, scope }));
}
export function changeRule(call) {
    const stored = findRule(call);
    checkIfMatch(call, stored);
    const role = checkedRole(call.request.method === 'PATCH' ? { ...stored.value, ...call.body } : call.body);
    return answer(call, call.state.put(findCalendar(call).rules, stored.id, { ...stored.value, role }));
}
export function deleteRule(call) {
    const stored = findRule(call);
    if (stored.id === `user:${call.state.owner}`)
        throw forbidden('The owner of a calendar keeps access to it.');
    call.state.remove(findCalendar(call).rules, stored.id);
    return { status: 204, body: null };
}
//# sourceMappingURL=access-rule-handlers.js.map