export { replayFixture } from './replay-fixture.js'
export type { FixtureReplay, FixtureReplayFiles } from './replay-fixture.js'
