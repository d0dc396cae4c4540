import { spawn } from 'node:child_process'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'

const program = fileURLToPath(new URL('./provider-main.js', import.meta.url))

export type BenchProvider = { readonly url: string; close(): Promise<void> }

/** Starts the provider of the benchmark; it ends with this process. */
export async function startProvider(): Promise<BenchProvider> {
  const child = spawn(process.execPath, [program], { stdio: ['pipe', 'pipe', 'inherit'] })
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()))
  const url = await new Promise<string>((resolve, reject) => {
    createInterface({ input: child.stdout }).once('line', resolve)
    void ended.then(() => reject(new Error('The provider of the benchmark did not start.')))
  })
  return {
    url,
    close: () => {
      child.stdin.end()
      return ended
    },
  }
}
