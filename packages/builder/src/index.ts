export { loadApiDescription, parseApiDescription } from './description/load-api-description.js'
export { reduceDescription } from './description/reduce-description.js'
export { rankOperations, searchOperations } from './description/search-operations.js'
export { showOperation } from './description/show-operation.js'
