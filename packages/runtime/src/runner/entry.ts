import { startRunner } from './start-runner.js'

startRunner()
