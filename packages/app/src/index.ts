export { loadOperations } from './operations/index.js'
export type { Operation, OperationContext, Terminal } from './operations/operation.js'
