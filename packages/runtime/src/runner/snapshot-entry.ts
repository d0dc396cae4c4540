import { startupSnapshot } from 'node:v8'
import { startRunner } from './start-runner.js'

// Whatever was loaded up to here stands in the snapshot; a process that starts from it begins with the runner.
startupSnapshot.setDeserializeMainFunction(startRunner)
