import { existsSync, readFileSync, statSync } from 'node:fs'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { detectSandboxes, openSandbox } from '../open-sandbox.js'
import type { Sandbox } from '../sandbox.js'
import type { Attack, Box } from './attack.js'
import { bothBoxes } from './attack.js'
import type { OpenTarget } from './attack-target.js'
import { openTarget } from './attack-target.js'
import { fileAttacks } from './file-attacks.js'
import { networkAttacks } from './network-attacks.js'
import { processAttacks } from './process-attacks.js'
import { resourceAttacks } from './resource-attacks.js'
import { runAttack, runOutside } from './run-attack.js'

const attacks = [...fileAttacks, ...networkAttacks, ...processAttacks, ...resourceAttacks]
const available = (await detectSandboxes()).filter((found) => found.available)

let target: OpenTarget

beforeAll(async () => {
  target = await openTarget()
})

afterAll(() => target.close())

/** What the attacks of a box must have left as it was. */
function hostState() {
  const { siblingFile, readOnlyFile, guardedFile, visits, isVictimAlive } = target
  return {
    sibling: existsSync(siblingFile) && readFileSync(siblingFile, 'utf8'),
    siblingMode: statSync(siblingFile).mode,
    rules: existsSync(readOnlyFile) && readFileSync(readOnlyFile, 'utf8'),
    guarded: existsSync(guardedFile) && readFileSync(guardedFile, 'utf8'),
    system: statSync('/usr/bin').mode,
    visits: [...visits],
    victimAlive: isVictimAlive(),
  }
}

describe('every attack that can do no harm succeeds outside of a box', () => {
  test.each(attacks.filter(({ control }) => control))('$name', async (attack) => {
    const { escapes, output } = await runOutside(attack, target)
    expect(escapes, output).not.toEqual([])
  })
})

test('at least one backend can be tried on this machine', () => {
  expect(available.map(({ backend }) => backend)).not.toEqual([])
})

describe.each(available)('$backend', ({ backend }) => {
  let sandbox: Sandbox

  beforeAll(async () => {
    sandbox = await openSandbox({ backend })
  })

  afterAll(() => sandbox.close())

  describe.each(bothBoxes)('%s', (box: Box) => {
    const mine = attacks.filter(({ boxes }) => boxes.includes(box))
    const exceptionOf = (attack: Attack) => attack.exceptions?.[`${backend} ${box}`]
    const tally = { attempts: 0, stopped: 0 }

    test.each(mine.filter((attack) => !exceptionOf(attack)))('$name', async (attack) => {
      const before = hostState()
      tally.attempts += 1
      const exhausting = resourceAttacks.includes(attack)
      const result = await runAttack(attack, { sandbox, box, target, exhausting })
      expect(result.escapes, result.output).toEqual([])
      expect(result.finished || attack.deadly, result.output).toBe(true)
      expect(hostState()).toEqual(before)
      tally.stopped += 1
    })

    afterAll(() => {
      const { attempts, stopped } = tally
      console.log(`escape suite (${backend}, ${box}): ${attempts} attempts, ${stopped} stopped`)
      for (const attack of mine.filter(exceptionOf))
        console.log(`  not stopped by design: ${attack.name}: ${exceptionOf(attack)}`)
    })
  })
})
