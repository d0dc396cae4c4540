// `npm start` and `npm run demo`: sets up what is missing, then runs the demo.
import { spawn } from 'node:child_process'
import { join } from 'node:path'
import { root, setup } from './setup.mjs'

await setup()
const plumb = join(root, 'packages', 'app', 'bin', 'plumb.js')
const child = spawn(process.execPath, [plumb, 'demo', ...process.argv.slice(2)], {
  stdio: 'inherit',
})
for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => child.kill(signal))
child.on('exit', (code, signal) => {
  process.exitCode = signal === null ? (code ?? 1) : 1
})
