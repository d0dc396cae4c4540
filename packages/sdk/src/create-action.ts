import type { z } from 'zod'
import type { ActionContext, Metadata } from './action-context.js'

export type Endpoint = { readonly method: string; readonly path: string; readonly group?: string }

/** What of a zod schema is its value; `Metadata` where there is no schema. */
export type ValueOf<T> = T extends z.core.$ZodType<infer Value> ? Value : Metadata

export type ActionDefinition<
  TInput extends z.core.$ZodType,
  TOutput extends z.core.$ZodType,
  TMetadata extends z.core.$ZodType | undefined,
  TCheckpoint extends z.core.$ZodObject | undefined,
> = {
  /** What the action does, for people and for agents that choose tools. */
  readonly description: string
  readonly version?: string
  readonly input: TInput
  readonly output: TOutput
  readonly metadata?: TMetadata
  readonly checkpoint?: TCheckpoint
  /** Scopes the connection needs. */
  readonly scopes?: readonly string[]
  readonly endpoint?: Endpoint
  readonly exec: (
    ctx: ActionContext<ValueOf<TMetadata>, ValueOf<TCheckpoint>>,
    input: z.output<TInput>,
  ) => Promise<z.input<TOutput>> | z.input<TOutput>
}

export type Action<
  TInput extends z.core.$ZodType = z.core.$ZodType,
  TOutput extends z.core.$ZodType = z.core.$ZodType,
  TMetadata extends z.core.$ZodType | undefined = undefined,
  TCheckpoint extends z.core.$ZodObject | undefined = undefined,
> = ActionDefinition<TInput, TOutput, TMetadata, TCheckpoint> & { readonly kind: 'action' }

/** Declares an action: one call with validated input and output. Throws TypeError when a member is missing. */
export function createAction<
  TInput extends z.core.$ZodType,
  TOutput extends z.core.$ZodType,
  TMetadata extends z.core.$ZodType | undefined = undefined,
  TCheckpoint extends z.core.$ZodObject | undefined = undefined,
>(
  definition: ActionDefinition<TInput, TOutput, TMetadata, TCheckpoint>,
): Action<TInput, TOutput, TMetadata, TCheckpoint> {
  requireMembers('createAction', definition, ['description', 'input', 'output', 'exec'])
  return { ...definition, kind: 'action' }
}

/** Throws TypeError that names the first of `names` which `definition` lacks. */
export function requireMembers(
  where: string,
  definition: Readonly<Record<string, unknown>>,
  names: readonly string[],
): void {
  const missing = names.find((name) => definition[name] === undefined)
  if (missing !== undefined) {
    throw new TypeError(`${where} needs "${missing}". Add it to the object given to ${where}.`)
  }
}
