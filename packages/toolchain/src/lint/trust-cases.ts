import { action, call } from './case-sources.js'
import type { RuleCases } from './case-sources.js'

const above = (code: string) => `${code}\n${action(call)}`

export const trustCases: RuleCases = {
  'no-trusted-generic': {
    hits: [
      above('const trust = <T>(value: unknown): T => value as T'),
      above('function trust<Row>(value: unknown): Row[] { return value as Row[] }'),
      above('class Box<T> { take(value: unknown): T { return <T>value } }'),
    ],
    passes: [
      above('const first = <T>(list: T[]): T | undefined => list[0]'),
      above('const none = <T>(): T[] => [] as T[]'),
      above('const keys = <T extends object>(o: T) => Object.keys(o) as (keyof T)[]'),
      above('const ids = (value: unknown) => value as string[]'),
    ],
  },
  'no-unproven-predicate': {
    hits: [
      above(
        'const isUser = (value: unknown): value is z.infer<typeof User> => value !== undefined',
      ),
      above('function isUser(v: unknown): v is { id: string } { return typeof v === "object" }'),
      above('function check(v: unknown): asserts v is User { if (!v) throw new Error("no") }'),
      above('const all = (v: unknown): v is User[] => Array.isArray(v)'),
      above('const isUser = (value: unknown): value is User => Boolean(value)'),
    ],
    passes: [
      above('const isText = (value: unknown): value is string => typeof value === "string"'),
      above('const isUser = (v: unknown): v is User => User.safeParse(v).success'),
      above('const isUser = (v: object): v is User => "id" in v && typeof v.id === "string"'),
      above('const isSet = <T>(value: T | null): value is NonNullable<T> => value !== null'),
      above(
        'const isMap = (v: unknown): v is Record<string, unknown> => typeof v === "object" && v !== null',
      ),
      above('const isOpen = (t: Open | Closed): t is Open => t.state === "open"'),
      above('const isList = (v: unknown): v is User[] => Array.isArray(v) && v.every(isUser)'),
      above('const isError = (value: unknown): value is Error => value instanceof Error'),
    ],
  },
  'no-overload': {
    hits: [
      above(
        'function trust(value: unknown): User\nfunction trust(value: unknown): unknown { return value }',
      ),
      above('class A { get(v: unknown): User; get(v: unknown): unknown { return v } }'),
    ],
    passes: [above('function name(value: string): string { return value }')],
  },
}
