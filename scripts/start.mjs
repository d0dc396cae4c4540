// `npm start` and `npm run demo`: sets up what is missing, then runs the demo in this process.
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { root, setup } from './setup.mjs'

await setup()

// npm does not take its children along when it is killed; a demo that nobody watches stops in order.
const parent = process.ppid
const watch = setInterval(() => {
  if (process.ppid === parent) return
  clearInterval(watch)
  process.kill(process.pid, 'SIGTERM')
}, 250)
watch.unref()

const plumb = join(root, 'packages', 'app', 'bin', 'plumb.js')
process.argv = [process.execPath, plumb, 'demo', ...process.argv.slice(2)]
await import(pathToFileURL(plumb).href)
