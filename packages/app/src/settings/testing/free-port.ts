import { createServer } from 'node:net'
import type { AddressInfo } from 'node:net'

/** A port that nobody listens on at an address. */
export async function freePort(host: string): Promise<number> {
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(0, host, resolve))
  const { port } = server.address() as AddressInfo
  await new Promise<void>((resolve) => server.close(() => resolve()))
  return port
}
