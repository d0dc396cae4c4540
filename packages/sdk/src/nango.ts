import * as sdk from './index.js'
import type { CreateAction, CreateOnEvent, CreateSync } from './nango/create.js'

/* The values of "@plumb/sdk" under the types that existing functions compile against. */
export const createAction = sdk.createAction as unknown as CreateAction
export const createSync = sdk.createSync as unknown as CreateSync
export const createOnEvent = sdk.createOnEvent as unknown as CreateOnEvent
export { ActionError, HttpError, ValidationError, frequencyMs } from './index.js'
export type { NangoAction, NangoConnection, NangoIntegration } from './nango/nango-action.js'
export type { NangoAction as NangoActionBase } from './nango/nango-action.js'
export type { NangoSync } from './nango/nango-sync.js'
export type { NangoSync as NangoSyncBase } from './nango/nango-sync.js'
export type { NangoResponse, ProxyConfiguration } from './nango/proxy-configuration.js'
export type { ConnectionCredentials } from './nango/credentials.js'
export type {
  CreateActionProps,
  CreateActionResponse,
  CreateAnyResponse,
  CreateOnEventProps,
  CreateOnEventResponse,
  CreateSyncProps,
  CreateSyncResponse,
} from './nango/create.js'
