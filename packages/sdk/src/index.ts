export { ActionError } from './action-error.js'
export { HttpError } from './http-error.js'
export { ValidationError } from './validation-error.js'
export { createAction } from './create-action.js'
export { createOnEvent } from './create-on-event.js'
export { createSync } from './create-sync.js'
export { frequencyMs } from './frequency.js'
export type {
  ActionContext,
  ConnectionInfo,
  IntegrationInfo,
  MetadataChange,
  NamedSync,
  SyncMode,
} from './action-context.js'
export type { ActionContext as NangoAction } from './action-context.js'
export type { MergingStrategy, SyncContext, SyncContext as NangoSync } from './sync-context.js'
export type { Action, ActionDefinition, Endpoint } from './create-action.js'
export type { Sync, SyncDefinition } from './create-sync.js'
export type { ConnectionEvent, OnEvent, OnEventDefinition } from './create-on-event.js'
export type { Frequency } from './frequency.js'
export type { HttpResponse, PaginationOptions, ProxyConfiguration } from './proxy-configuration.js'
export type { ValidationIssue } from './validation-error.js'
