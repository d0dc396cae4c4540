import { readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import type {
  CompatAnswer,
  CompatFixture,
  CompatRecording,
  ContextMember,
} from './compat-fixture.js'
import { byName, identityHash, legacyIdentity, textOf } from './compat-identity.js'
import type { CompatIdentity, CompatRequest } from './compat-identity.js'
import { callMissing, fixtureMissing } from './fixture-errors.js'

/** A hashed recording tells its request; the older flat form is the bare answer. */
type HashedFile = {
  readonly requestIdentityHash?: string
  readonly requestIdentity?: CompatIdentity
  readonly response?: unknown
  readonly status?: unknown
  readonly headers?: unknown
}

/** A `mocks/` folder: one file per recorded call and result. */
export class LegacyFixture implements CompatFixture {
  readonly format = 'legacy'
  readonly #folder: string
  readonly #name: string
  readonly #read = new Map<string, unknown>()
  readonly #listed = new Map<string, readonly string[] | null>()

  constructor(folder: string, name: string) {
    this.#folder = folder
    this.#name = name
  }

  answer(request: CompatRequest, method: string): CompatAnswer {
    const identity = legacyIdentity(request, method)
    const folder = this.#folderOf(identity)
    const names = this.#list(folder)
    if (names === null) return this.#flatAnswer(folder)
    const found = this.#findHashed(folder, names, identity)
    if (found === undefined) throw callMissing(identity, folder, names)
    return { data: found.response, headers: found.headers, status: found.status }
  }

  recordings(request: CompatRequest, method: string): readonly CompatRecording[] {
    const folder = this.#folderOf(legacyIdentity(request, method))
    return this.#hashed(folder, this.#list(folder) ?? []).map((file) => ({
      params: (file.requestIdentity?.params ?? []).map(([name, value]) => [name, textOf(value)]),
      data: file.requestIdentity?.data,
      answer: { data: file.response, headers: file.headers, status: file.status },
    }))
  }

  isAnonymous(request: CompatRequest, method: string): boolean {
    return this.#list(this.#folderOf(legacyIdentity(request, method))) === null
  }

  input(): unknown {
    return this.#optional(join(this.#folder, this.#name, 'input.json'))
  }

  output(): unknown {
    return this.#required('output', join(this.#folder, this.#name, 'output.json'))
  }

  batch(kind: 'batchSave' | 'batchDelete', model: string | undefined): unknown {
    return this.#required(kind, join(this.#folder, this.#name, String(model), `${kind}.json`))
  }

  member(name: ContextMember): unknown {
    const file = join(this.#folder, 'nango', `${name}.json`)
    const required = name === 'getConnection' || name === 'getMetadata'
    return required ? this.#required(name, file) : this.#optional(file)
  }

  #folderOf({ method, endpoint }: CompatIdentity): string {
    return join(this.#folder, 'nango', method, 'proxy', endpoint, this.#name)
  }

  #flatAnswer(folder: string): CompatAnswer {
    const data = this.#required('answer', `${folder}.json`)
    return { data, headers: undefined, status: undefined }
  }

  #findHashed(folder: string, names: readonly string[], identity: CompatIdentity) {
    const hash = identityHash(identity)
    if (names.includes(`${hash}.json`)) {
      return this.#required('answer', join(folder, `${hash}.json`)) as HashedFile
    }
    const files = this.#hashed(folder, names)
    return (
      files.find((file) => file.requestIdentityHash === hash) ??
      files.find(({ requestIdentity: recorded }) => recorded && sameCall(recorded, identity))
    )
  }

  #hashed(folder: string, names: readonly string[]): HashedFile[] {
    return names
      .filter((name) => name.endsWith('.json'))
      .flatMap((name) => {
        const content = this.#optional(join(folder, name))
        return typeof content === 'object' && content !== null ? [content] : []
      })
  }

  /** The names in a folder; null when there is none. */
  #list(folder: string): readonly string[] | null {
    const known = this.#listed.get(folder)
    if (known !== undefined) return known
    const isFolder = statSync(folder, { throwIfNoEntry: false })?.isDirectory() ?? false
    const names = isFolder ? readdirSync(folder).sort() : null
    this.#listed.set(folder, names)
    return names
  }

  #optional(file: string): unknown {
    try {
      return this.#load(file)
    } catch {
      return undefined
    }
  }

  #required(what: string, file: string): unknown {
    try {
      return this.#load(file)
    } catch (error) {
      throw fixtureMissing(what, file, error)
    }
  }

  #load(file: string): unknown {
    if (!this.#read.has(file)) this.#read.set(file, JSON.parse(readFileSync(file, 'utf8')))
    return this.#read.get(file)
  }
}

function sameCall(recorded: CompatIdentity, asked: CompatIdentity): boolean {
  return (
    paramsText(recorded) === paramsText(asked) &&
    JSON.stringify(recorded.headers ?? []) === JSON.stringify(asked.headers) &&
    recorded.data === asked.data
  )
}

function paramsText({ params }: CompatIdentity): string {
  return JSON.stringify(byName((params ?? []).map(([name, value]) => [name, textOf(value)])))
}
