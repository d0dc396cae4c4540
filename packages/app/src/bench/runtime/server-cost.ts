import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { descendantsOf, readProcesses } from '../process-tree.js'
import type { ProcessTimes } from '../process-tree.js'

/** Something of a server, by who has it. */
export type ServerCost = {
  /** The process that serves. */
  readonly server: number
  /** What it started: the boxes of functions. */
  readonly functions: number
  readonly database: number
}

/** How it is called in a table. */
export const costNames = {
  server: 'the server',
  functions: 'functions',
  database: 'PostgreSQL',
} as const satisfies Readonly<Record<keyof ServerCost, string>>

export type ServerPlace = { readonly pid: number; readonly folder: string }

/** Seconds of CPU that a server, its children and its embedded PostgreSQL have used so far. */
export async function readServerCpu(place: ServerPlace): Promise<ServerCost> {
  const { server, functions, database } = await processesOf(place)
  return {
    server: sum(server.map(({ own }) => own)),
    functions:
      sum(server.map(({ ended }) => ended)) + sum(functions.map((one) => one.own + one.ended)),
    database: sum(database.map(({ own, ended }) => own + ended)),
  }
}

/** Their memory in bytes; what several processes have in common counts once. */
export async function readServerMemory(place: ServerPlace): Promise<ServerCost> {
  const { server, functions, database } = await processesOf(place)
  const of = async (processes: readonly ProcessTimes[]): Promise<number> =>
    sum(await Promise.all(processes.map(({ pid }) => proportionalMemory(pid))))
  return {
    server: await of(server),
    functions: await of(functions),
    database: await of(database),
  }
}

export function totalOf({ server, functions, database }: ServerCost): number {
  return server + functions + database
}

export function costBetween(before: ServerCost, after: ServerCost): ServerCost {
  return {
    server: after.server - before.server,
    functions: after.functions - before.functions,
    database: after.database - before.database,
  }
}

async function processesOf({ pid, folder }: ServerPlace) {
  const all = await readProcesses()
  const [server, ...functions] = descendantsOf(all, pid)
  // PostgreSQL outlives the process that started it, so it is nobody's child.
  const lock = await readFile(join(folder, '.plumb/cluster/postmaster.pid'), 'utf8').catch(() => '')
  const database = descendantsOf(all, Number.parseInt(lock, 10))
  const counted = new Set(database.map((one) => one.pid))
  return {
    server: server === undefined ? [] : [server],
    functions: functions.filter((one) => !counted.has(one.pid)),
    database,
  }
}

async function proportionalMemory(pid: number): Promise<number> {
  const text = await readFile(`/proc/${pid}/smaps_rollup`, 'utf8').catch(() => '')
  return Number(/^Pss:\s+(\d+) kB/m.exec(text)?.[1] ?? 0) * 1024
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0)
}
