import { agentBox, bothBoxes, literal, runnerBox } from './attack.js'
import type { Attack } from './attack.js'

export const processAttacks: readonly Attack[] = [
  {
    name: 'sends signals to processes of the host',
    boxes: bothBoxes,
    control: true,
    // SIGCONT does nothing to a process that runs.
    code: ({ hostPid, victimPid }) => `
      for (const pid of ${literal([hostPid, victimPid])})
        await attempt(() => { process.kill(pid, 'SIGCONT'); escaped(pid) })`,
  },
  {
    name: 'opens the inspector of the host with SIGUSR1',
    boxes: bothBoxes,
    code: ({ victimPid }) =>
      `await attempt(() => { process.kill(${victimPid}, 'SIGUSR1'); escaped() })`,
  },
  {
    name: 'starts a child process',
    boxes: runnerBox,
    control: true,
    code: () => `
      await attempt(() => { childProcess.execFileSync('/bin/sh', ['-c', 'exit 0']); escaped('exec') })
      await attempt(() => {
        const { pid } = childProcess.spawn('/bin/sh', ['-c', 'exit 0'], { stdio: 'inherit' }).on('error', () => 0)
        if (pid) escaped('spawn')
      })`,
  },
  {
    name: 'makes namespaces of its own',
    boxes: agentBox,
    code: () => `
      for (const options of ['-Ur', '-m', '-n', '-p --fork', '-Urm', '-Urn'])
        await attempt(() => {
          childProcess.execFileSync('/usr/bin/unshare', [...options.split(' '), '/bin/true'])
          escaped(options)
        })`,
  },
  {
    name: 'mounts, makes devices and changes the root',
    boxes: agentBox,
    code: ({ workspace }) => `
      const commands = [
        ['mount', '-t', 'tmpfs', 'none', ${literal(workspace)}],
        ['mount', '--bind', '/', ${literal(workspace)}],
        ['mount', '-o', 'remount,rw', '/usr'],
        ['umount', '-l', '/usr'],
        ['chroot', '/usr', '/bin/true'],
        ['mknod', ${literal(`${workspace}/disk`)}, 'b', '8', '0'],
        ['mknod', ${literal(`${workspace}/memory`)}, 'c', '1', '1'],
      ]
      for (const [name, ...rest] of commands)
        await attempt(() => {
          childProcess.execFileSync('/usr/bin/env', [name, ...rest], { stdio: 'pipe' })
          escaped(name)
        })`,
  },
  {
    name: 'raises its own limits',
    boxes: agentBox,
    code: () => `
      for (const option of ['-d', '-t', '-f', '-u'])
        await attempt(() => {
          childProcess.execFileSync('/bin/bash', ['-c', 'ulimit -H ' + option + ' unlimited'], { stdio: 'pipe' })
          escaped(option)
        })`,
  },
  {
    name: 'becomes root by a setuid program',
    boxes: agentBox,
    code: () => `
      for (const words of [['su', '-c', 'true'], ['sudo', '-n', 'true'], ['setpriv', '--reuid=0', '--inh-caps=+all', 'true']])
        await attempt(() => {
          childProcess.execFileSync('/usr/bin/env', words, { stdio: 'pipe' })
          escaped(words[0])
        })`,
  },
  {
    name: 'reaches a terminal of the host',
    boxes: bothBoxes,
    code: () => `
      for (const path of ['/dev/tty', '/dev/console', '/dev/tty0', '/dev/tty1', '/dev/pts/0', '/dev/pts/1'])
        await attempt(() => { fs.closeSync(fs.openSync(path, 'r+')); escaped(path) })`,
  },
]
