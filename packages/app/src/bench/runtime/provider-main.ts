import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'

/**
 * The provider of the benchmark, as a process of its own: it echoes what is sent, and lists twenty items. Prints its
 * address and ends with its input.
 */
const items = Array.from({ length: 20 }, (_, n) => ({
  id: `item_${n}`,
  name: `item ${n}`,
  notes: 'as long as notes are '.repeat(10),
}))
const list = JSON.stringify({ items })

const server = createServer((request, response) => {
  const chunks: Buffer[] = []
  request.on('data', (chunk: Buffer) => chunks.push(chunk))
  request.on('end', () => {
    response.setHeader('content-type', 'application/json')
    response.end(request.method === 'POST' ? Buffer.concat(chunks) : list)
  })
})
// As providers do: connections live longer than the pauses between calls.
server.keepAliveTimeout = 60_000
server.listen(0, '127.0.0.1', () => {
  process.stdout.write(`http://127.0.0.1:${(server.address() as AddressInfo).port}\n`)
})
process.stdin.once('end', () => process.exit(0)).resume()
