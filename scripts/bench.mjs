// `npm run bench -- <name>`: sets up what is missing, then measures.
import { spawn } from 'node:child_process'
import { join } from 'node:path'
import { root, setup } from './setup.mjs'

await setup()
const plumb = join(root, 'packages', 'app', 'bin', 'plumb.js')
const child = spawn(process.execPath, [plumb, 'bench', ...process.argv.slice(2)], {
  stdio: 'inherit',
})
child.on('exit', (code) => {
  process.exitCode = code ?? 1
})
