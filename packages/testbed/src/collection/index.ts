export { generateProject } from './generate-project.js'
export type { GeneratedProject } from './generate-project.js'
