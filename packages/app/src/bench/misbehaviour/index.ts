export { judgeRogue, judgeTwin } from './judge-rogue.js'
export { openRogueStage } from './open-rogue-stage.js'
export { playScripts } from './play-scripts.js'
