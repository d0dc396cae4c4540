#!/usr/bin/env node
import { existsSync, readFileSync, statSync } from 'node:fs'

const bundle = new URL('../dist/plumb/', import.meta.url)
// The traces that are asked for name the lines of the sources.
if (process.argv.includes('--verbose')) process.setSourceMapsEnabled(true)
if (isCurrent()) await import(new URL('main.js', bundle).href)
else await import('../dist/cli/main.js')

/** Whether the command of few files is what was compiled last: in a working tree the compiler may have run since. */
function isCurrent() {
  const madeFrom = new URL('made-from.json', bundle)
  if (!existsSync(madeFrom)) return false
  if (!existsSync(new URL('../src', import.meta.url))) return true
  const times = Object.entries(JSON.parse(readFileSync(madeFrom, 'utf8')))
  return times.every(([path, time]) => writtenAt(new URL(path, bundle)) === time)
}

function writtenAt(file) {
  return statSync(file, { throwIfNoEntry: false })?.mtimeMs
}
