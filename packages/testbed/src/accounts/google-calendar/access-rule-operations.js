import * as acl from './access-rule-handlers.js';
import { listParameters } from './query-parameters.js';
import { operationScopes } from './scopes.js';
const rules = '/calendars/{calendarId}/acl';
const rule = `${rules}/{ruleId}`;
const notify = [
    {
        name: 'sendNotifications',
        type: 'boolean',
        description: 'Whether the people concerned are told by mail. The default is true.',
    },
];
export const accessRuleOperations = [
    {
        id: 'calendar.acl.list',
        method: 'GET',
        path: rules,
        rpc: 'calendar.v3.CalendarAcl.List',
        summary: 'Lists the access control rules of a calendar: who has access to it.',
        scopes: operationScopes.readRules,
        query: listParameters.rules,
        request: null,
        response: 'Acl',
        handle: acl.listRules,
    },
    {
        id: 'calendar.acl.insert',
        method: 'POST',
        path: rules,
        rpc: 'calendar.v3.CalendarAcl.Insert',
        summary: 'Creates an access control rule: shares a calendar with somebody.',
        description: 'Creates an access control rule, which gives a person, group, domain or everybody access to a calendar. role and scope are required.',
        scopes: operationScopes.writeRules,
        query: notify,
        request: 'AclRule',
        response: 'AclRule',
        handle: acl.insertRule,
    },
    {
        id: 'calendar.acl.get',
        method: 'GET',
        path: rule,
        rpc: 'calendar.v3.CalendarAcl.Get',
        summary: 'Returns an access control rule of a calendar.',
        scopes: operationScopes.readRules,
        query: [],
        request: null,
        response: 'AclRule',
        handle: acl.getRule,
    },
    {
        id: 'calendar.acl.update',
        method: 'PUT',
        path: rule,
        rpc: 'calendar.v3.CalendarAcl.Update',
        summary: 'Replaces an access control rule of a calendar.',
        scopes: operationScopes.writeRules,
        query: notify,
        request: 'AclRule',
        response: 'AclRule',
        handle: acl.changeRule,
    },
    {
        id: 'calendar.acl.patch',
        method: 'PATCH',
        path: rule,
        rpc: 'calendar.v3.CalendarAcl.Patch',
        summary: 'Changes an access control rule of a calendar.',
        scopes: operationScopes.writeRules,
        query: notify,
        request: 'AclRule',
        response: 'AclRule',
        handle: acl.changeRule,
    },
    {
        id: 'calendar.acl.delete',
        method: 'DELETE',
        path: rule,
        rpc: 'calendar.v3.CalendarAcl.Delete',
        summary: 'Deletes an access control rule: takes access to a calendar away.',
        scopes: operationScopes.writeRules,
        query: [],
        request: null,
        response: null,
        handle: acl.deleteRule,
    },
];
//# sourceMappingURL=access-rule-operations.js.map