import { lookup as dnsLookup } from 'node:dns'
import type { LookupAddress, LookupOptions } from 'node:dns'
import { BlockList, isIP } from 'node:net'

const blocked = new BlockList()
for (const [network, prefix] of [
  ['0.0.0.0', 8],
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
  // Where Azure answers its virtual machines, though it is no private range.
  ['168.63.129.16', 32],
  ['169.254.0.0', 16],
  ['172.16.0.0', 12],
  ['192.0.0.0', 24],
  ['192.0.2.0', 24],
  ['192.88.99.0', 24],
  ['192.168.0.0', 16],
  ['198.18.0.0', 15],
  ['198.51.100.0', 24],
  ['203.0.113.0', 24],
  ['224.0.0.0', 4],
  ['240.0.0.0', 4],
] as const) {
  blocked.addSubnet(network, prefix, 'ipv4')
}
for (const [network, prefix] of [
  // These carry an IPv4 address inside, which would need a second look; the first holds "::" and "::1" too.
  ['::', 96],
  ['::ffff:0:0:0', 96],
  ['64:ff9b::', 96],
  ['64:ff9b:1::', 48],
  ['2001::', 32],
  ['2002::', 16],
  ['100::', 64],
  ['2001:db8::', 32],
  ['3fff::', 20],
  ['fc00::', 7],
  ['fe80::', 10],
  ['fec0::', 10],
  ['ff00::', 8],
] as const) {
  blocked.addSubnet(network, prefix, 'ipv6')
}

/** Whether an IP address leads to this machine or its networks, where no provider's API lives. */
export function isPrivateAddress(address: string): boolean {
  // A resolver may name the interface of a link-local address: `fe80::1%eth0`.
  const plain = address.replace(/^\[|(%.*)?\]?$/g, '')
  const family = isIP(plain)
  if (family === 0) return false
  return blocked.check(plain, family === 6 ? 'ipv6' : 'ipv4')
}

export class PrivateAddressError extends Error {
  readonly code = 'PRIVATE_ADDRESS'

  constructor(host: string, address: string) {
    super(`"${host}" leads to the private address ${address}`)
  }
}

type LookupCallback = (
  error: Error | null,
  address: string | LookupAddress[],
  family?: number,
) => void

type Resolve = (
  host: string,
  options: LookupOptions & { readonly all: true },
  callback: (error: Error | null, addresses: LookupAddress[]) => void,
) => void

/**
 * Name resolution for sockets that fails when any answer is private. A socket gets the addresses that were looked at,
 * and nobody is asked again, so that a name cannot be rebound in between.
 */
export function guardLookup(resolve: Resolve) {
  return (host: string, options: LookupOptions, callback: LookupCallback): void =>
    resolve(host, { ...options, all: true }, (error, addresses) => {
      if (error) return callback(error, [])
      const hit = addresses.find(({ address }) => isPrivateAddress(address))
      if (hit) return callback(new PrivateAddressError(host, hit.address), [])
      const [first] = addresses
      if (options.all === true || first === undefined) return callback(null, addresses)
      callback(null, first.address, first.family)
    })
}

export const guardedLookup = guardLookup(dnsLookup)
