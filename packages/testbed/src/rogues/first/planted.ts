import { accepted, all, inEvidence, not } from '../signs.js'

/** Stands in everything these rogues write into recordings; nothing that counts may hold it. */
export const planted = 'PlantedByRogue'

export const plantedSigns = {
  worked: all(accepted, inEvidence(new RegExp(planted))),
  stopped: not(inEvidence(new RegExp(planted))),
}
