/** The model that needs no key: rules, no LLM. */
export const offlineModelName = 'offline/builder'
