import { z } from 'zod'

/** One thing that does not match a schema; `path` reads like `items.0.id`. */
export type ValidationIssue = {
  readonly path: string
  readonly message: string
  readonly code: string
}

/** Input, output, records, metadata or a checkpoint that do not match the function's own schema. */
export class ValidationError extends Error {
  override readonly name = 'ValidationError'
  readonly issues: readonly ValidationIssue[]

  constructor(subject: string, issues: readonly ValidationIssue[]) {
    const shown = issues.slice(0, 5).map((issue) => `${issue.path || '(root)'}: ${issue.message}`)
    const more = issues.length > 5 ? `; and ${issues.length - 5} more` : ''
    super(`${subject} does not match its schema: ${shown.join('; ')}${more}`)
    this.issues = issues
  }
}

/** zod's issues with dotted paths; `prefix` stands before each. */
export function issuesOf(error: z.core.$ZodError, prefix: string[] = []): ValidationIssue[] {
  return error.issues.map((issue) => ({
    path: [...prefix, ...issue.path.map(String)].join('.'),
    message: issue.message,
    code: issue.code ?? 'custom',
  }))
}

/** Returns the parsed value. Throws ValidationError that begins with `subject`. */
export function validate<T>(schema: z.core.$ZodType<T>, value: unknown, subject: string): T {
  const result = z.core.safeParse(schema, value)
  if (result.success) return result.data
  throw new ValidationError(subject, issuesOf(result.error))
}
