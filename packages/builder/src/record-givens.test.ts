import { expect, test } from 'vitest'
import { skillVersions } from './record-givens.js'

const file = (path: string, sha256: string) => ({ path, sha256 })

test('a skill is all files below its folder, in any order; other files are none', () => {
  const files = [
    file('AGENTS.md', 'x'),
    file('.agents/skills/b/SKILL.md', '1'),
    file('.agents/skills/b/more/extra.md', '2'),
    file('.agents/skills/a/SKILL.md', '1'),
  ]
  const versions = skillVersions(files)
  expect(versions.map(({ name }) => name)).toEqual(['a', 'b'])
  expect(skillVersions([...files].reverse())).toEqual(versions)
})

test('a changed, added or renamed file makes another version of that skill only', () => {
  const base = [file('.agents/skills/a/SKILL.md', '1'), file('.agents/skills/b/SKILL.md', '1')]
  const [a, b] = skillVersions(base)
  const changed = [
    [file('.agents/skills/a/SKILL.md', '2'), file('.agents/skills/b/SKILL.md', '1')],
    [...base, file('.agents/skills/a/more.md', '1')],
    [file('.agents/skills/a/OTHER.md', '1'), file('.agents/skills/b/SKILL.md', '1')],
  ]
  for (const files of changed) {
    const [other, same] = skillVersions(files)
    expect(other?.version).not.toBe(a?.version)
    expect(same).toEqual(b)
  }
})
