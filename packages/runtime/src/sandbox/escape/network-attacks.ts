import { bothBoxes, literal } from './attack.js'
import type { Attack } from './attack.js'

const connect = (options: unknown) => `
  await attempt(() => new Promise((resolve, reject) => {
    const socket = net.connect(${literal(options)})
    socket.on('connect', () => { escaped(); socket.destroy(); resolve() })
    socket.on('error', reject)
  }))`

const tooOldForSockets =
  'Landlock has no say over connecting to a Unix socket by path; what the files’ own permissions allow stays reachable.'

export const networkAttacks: readonly Attack[] = [
  {
    name: 'connects to a TCP port of the host',
    boxes: bothBoxes,
    control: true,
    code: ({ tcpPort }) => connect({ host: '127.0.0.1', port: tcpPort }),
  },
  {
    name: 'sends a datagram to a UDP port of the host',
    boxes: bothBoxes,
    control: true,
    code: ({ udpPort }) => `
      await attempt(() => new Promise((resolve, reject) => {
        const socket = require('dgram').createSocket('udp4')
        socket.on('error', reject)
        socket.send('x', ${udpPort}, '127.0.0.1', (error) => {
          socket.close()
          if (error) return reject(error)
          escaped()
          resolve()
        })
      }))`,
  },
  {
    name: 'listens on a TCP port',
    boxes: bothBoxes,
    control: true,
    code: () => `
      await attempt(() => new Promise((resolve, reject) => {
        const server = net.createServer()
        server.on('error', reject)
        server.listen(0, '127.0.0.1', () => { escaped(); server.close(resolve) })
      }))`,
  },
  {
    name: 'connects to a Unix socket that is not in its policy',
    boxes: bothBoxes,
    control: true,
    code: ({ unixSocket }) => connect({ path: unixSocket }),
    exceptions: { 'landlock agent box': tooOldForSockets },
  },
  {
    name: 'connects to an abstract Unix socket',
    boxes: bothBoxes,
    control: true,
    code: ({ abstractSocket }) => connect({ path: `\0${abstractSocket}` }),
  },
]
