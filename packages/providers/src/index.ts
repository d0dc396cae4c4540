export { loadProviders } from './load-providers.js'
export type { LoadedProvider } from './load-providers.js'
export { parseProvider } from './parse-provider.js'
export { providerJsonSchema } from './provider-json-schema.js'
