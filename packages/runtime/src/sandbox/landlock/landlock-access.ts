const EXECUTE = 1 << 0
const WRITE_FILE = 1 << 1
const READ_FILE = 1 << 2
const READ_DIR = 1 << 3
const REMOVE_DIR = 1 << 4
const REMOVE_FILE = 1 << 5
const MAKE_DIR = 1 << 7
const MAKE_REG = 1 << 8
const MAKE_SOCK = 1 << 9
const MAKE_FIFO = 1 << 10
const MAKE_SYM = 1 << 12
const REFER = 1 << 13
const TRUNCATE = 1 << 14

/** Rights of a box, as LANDLOCK_ACCESS_FS_* bits. A rule on a file may only hold the rights that files have. */
export const fileAccess = {
  read: READ_FILE | EXECUTE,
  write: READ_FILE | EXECUTE | WRITE_FILE | TRUNCATE,
  device: READ_FILE | WRITE_FILE,
}

const changeFolder =
  REMOVE_DIR | REMOVE_FILE | MAKE_DIR | MAKE_REG | MAKE_SOCK | MAKE_FIFO | MAKE_SYM

export const folderAccess = {
  read: fileAccess.read | READ_DIR,
  write: fileAccess.write | READ_DIR | REFER | changeFolder,
}

const lastRight = (abi: number): number => {
  if (abi < 2) return 12
  if (abi < 3) return 13
  return abi < 5 ? 14 : 15
}

/** Binding and connecting of TCP sockets. */
const network = 0b11

/** Abstract Unix sockets and signals. */
const scopes = 0b11

/** What a kernel with this Landlock interface can take away, and how much of the attribute it knows. */
export function accessOfAbi(abi: number) {
  return {
    files: 2 ** (lastRight(abi) + 1) - 1,
    network: abi >= 4 ? network : 0,
    attributeBytes: abi >= 6 ? 24 : abi >= 4 ? 16 : 8,
  }
}

/** Abstract sockets and signals stay within the box from interface 6 on. */
export function scopesOfAbi(abi: number): number {
  return abi >= 6 ? scopes : 0
}
