import { agentBox, bothBoxes, literal, runnerBox } from './attack.js'
import type { Attack } from './attack.js'

const readEach = (paths: readonly string[], word: string) => `
  for (const path of ${literal(paths)}) await attempt(() => {
    if (fs.readFileSync(path, 'latin1').includes(${literal(word)})) escaped(path)
  })`

const openEach = (paths: readonly string[], flags: string) => `
  for (const path of ${literal(paths)}) await attempt(() => {
    fs.closeSync(fs.openSync(path, ${literal(flags)}))
    escaped(path)
  })`

const changeFile = (path: string) => `
  const path = ${literal(path)}
  await attempt(() => { fs.appendFileSync(path, 'changed'); escaped('append') })
  await attempt(() => { fs.chmodSync(path, 0o666); escaped('chmod') })
  await attempt(() => { fs.renameSync(path, path + '.old'); escaped('rename') })
  await attempt(() => { fs.rmSync(path); escaped('remove') })`

const rightsAddUp = 'Landlock rights only add up, so what lies in a writable folder is writable.'

export const fileAttacks: readonly Attack[] = [
  {
    name: 'reads its own environment for secrets of the host',
    boxes: bothBoxes,
    control: true,
    code: ({ secret }) => `if (JSON.stringify(process.env).includes(${literal(secret)})) escaped()`,
  },
  {
    name: 'reads the environment of every process in /proc',
    boxes: bothBoxes,
    control: true,
    code: ({ secret }) => `
      for (const pid of fs.readdirSync('/proc').filter((name) => Number(name) > 0))
        await attempt(() => {
          if (fs.readFileSync('/proc/' + pid + '/environ', 'latin1').includes(${literal(secret)})) escaped(pid)
        })`,
  },
  {
    name: 'reads the environment and the command of host processes by their number',
    boxes: bothBoxes,
    control: true,
    code: ({ hostPid, victimPid, secret }) =>
      readEach(
        [hostPid, victimPid].flatMap((pid) => [`/proc/${pid}/environ`, `/proc/${pid}/cmdline`]),
        secret,
      ),
  },
  {
    name: 'opens the memory of host processes',
    boxes: bothBoxes,
    control: true,
    code: ({ hostPid, victimPid }) =>
      openEach([`/proc/${hostPid}/mem`, `/proc/${victimPid}/mem`], 'r'),
  },
  {
    name: 'goes to the host through the root and the folders of other processes',
    boxes: bothBoxes,
    control: true,
    code: ({ hostPid, victimPid, siblingFile, secret }) =>
      readEach(
        [`/proc/${victimPid}/root${siblingFile}`, `/proc/1/root${siblingFile}`].concat(
          `/proc/${hostPid}/root${siblingFile}`,
        ),
        secret,
      ),
  },
  {
    name: 'reads the users and passwords of the host',
    boxes: bothBoxes,
    control: true,
    code: () => readEach(['/etc/passwd', '/etc/shadow', '/etc/group-'], 'root:'),
  },
  {
    name: 'reads the workspace of somebody else',
    boxes: bothBoxes,
    control: true,
    code: ({ siblingFile, secret }) => readEach([siblingFile], secret),
  },
  {
    name: 'lists homes and the temporary files of the host',
    boxes: bothBoxes,
    control: true,
    code: ({ home, siblingFile }) => `
      for (const path of ${literal([home, '/root', '/home', '/var'])}) await attempt(() => {
        if (fs.readdirSync(path).length > 0) escaped(path)
      })
      await attempt(() => {
        if (fs.readdirSync(require('path').dirname(${literal(siblingFile)})).length > 0) escaped()
      })`,
  },
  {
    name: 'writes outside of the workspace',
    boxes: bothBoxes,
    code: ({ siblingFile, home }) => `
      const places = ['/', '/usr/bin/', '/usr/lib/', '/etc/', '/var/tmp/', '/root/', '/run/', '/dev/', ${literal(`${home}/`)}]
      for (const place of places) await attempt(() => {
        fs.writeFileSync(place + 'plumb-escape', 'x')
        fs.rmSync(place + 'plumb-escape')
        escaped(place)
      })
      await attempt(() => { fs.appendFileSync(${literal(siblingFile)}, 'changed'); escaped() })
      await attempt(() => { fs.truncateSync(${literal(siblingFile)}, 1); escaped() })
      await attempt(() => { fs.rmSync(${literal(siblingFile)}); escaped() })`,
  },
  {
    name: 'changes mode, owner, times and attributes of files of the host',
    boxes: bothBoxes,
    code: ({ siblingFile }) => `
      for (const path of [${literal(siblingFile)}, '/usr/bin/env', '/usr/bin']) {
        await attempt(() => { fs.chmodSync(path, fs.statSync(path).mode); escaped('chmod ' + path) })
        await attempt(() => { fs.chownSync(path, 0, 0); escaped('chown ' + path) })
        await attempt(() => {
          const { atime, mtime } = fs.statSync(path)
          fs.utimesSync(path, atime, mtime)
          escaped('utimes ' + path)
        })
        await attempt(() => {
          const handle = fs.openSync(path, 'r')
          fs.fchmodSync(handle, fs.fstatSync(handle).mode)
          escaped('fchmod ' + path)
        })
      }`,
  },
  {
    name: 'follows a symbolic link out of the workspace',
    boxes: agentBox,
    control: true,
    code: ({ siblingFile, workspace, secret }) => `
      const link = ${literal(`${workspace}/link-${Date.now()}`)} + process.pid
      fs.symlinkSync(${literal(siblingFile)}, link)
      await attempt(() => { if (fs.readFileSync(link, 'utf8').includes(${literal(secret)})) escaped('read') })
      await attempt(() => { fs.appendFileSync(link, ''); escaped('write') })
      const folder = link + '-folder'
      fs.symlinkSync(require('path').dirname(${literal(siblingFile)}), folder)
      await attempt(() => { if (fs.readdirSync(folder).length > 0) escaped('list') })`,
  },
  {
    name: 'brings a file of the host in by hard link, rename or copy',
    boxes: agentBox,
    code: ({ siblingFile, workspace }) => `
      const to = ${literal(`${workspace}/brought-`)} + process.pid
      for (const from of [${literal(siblingFile)}, '/etc/shadow'])
        for (const how of ['linkSync', 'copyFileSync', 'renameSync'])
          await attempt(() => { fs[how](from, to + how); escaped(how + ' ' + from) })`,
  },
  {
    name: 'changes what is mounted read-only',
    boxes: agentBox,
    code: ({ readOnlyFile }) => changeFile(readOnlyFile),
  },
  {
    name: 'changes a read-only file in its own workspace',
    boxes: agentBox,
    code: ({ guardedFile }) => changeFile(guardedFile),
    exceptions: { 'landlock agent box': rightsAddUp },
  },
  {
    name: 'finds a place from which a native addon could be loaded',
    boxes: runnerBox,
    control: true,
    code: () => `
      for (const place of ['/', '/tmp/', '/dev/shm/', '/var/tmp/', '/run/', '/home/', '/root/', process.cwd() + '/'])
        await attempt(() => {
          const path = place + 'plumb-addon-' + process.pid + '.node'
          fs.writeFileSync(path, 'native')
          fs.rmSync(path)
          escaped(place)
        })`,
  },
  {
    name: 'opens devices of the machine',
    boxes: bothBoxes,
    code: () =>
      openEach(
        ['mem', 'kmem', 'port', 'kmsg', 'sda', 'vda', 'nvme0n1', 'loop-control', 'fuse', 'kvm']
          .concat(['vsock', 'net/tun', 'userfaultfd', 'uinput', 'hwrng', 'mapper/control'])
          .map((name) => `/dev/${name}`)
          .concat('/proc/kcore', '/proc/kmsg'),
        'r',
      ),
  },
  {
    name: 'opens settings of the kernel for writing',
    boxes: bothBoxes,
    code: () =>
      openEach(
        [
          '/proc/sys/kernel/core_pattern',
          '/proc/sys/kernel/modprobe',
          '/proc/sys/kernel/hostname',
          '/proc/sys/vm/overcommit_memory',
          '/proc/sys/fs/binfmt_misc/register',
          '/proc/sysrq-trigger',
          '/proc/1/oom_score_adj',
          '/sys/kernel/uevent_helper',
          '/sys/fs/cgroup/cgroup.procs',
          '/sys/fs/cgroup/pids/cgroup.procs',
          '/sys/fs/cgroup/release_agent',
        ],
        'r+',
      ),
  },
]
