type Issue = { readonly path: readonly PropertyKey[]; readonly message: string }

/** Validation issues as one line each with path and value; values of secrets are left out. */
export function describeIssues(
  error: { readonly issues: readonly Issue[] },
  input: unknown,
): string {
  return error.issues.map((issue) => describeIssue(issue, input)).join('; ')
}

const secretNames = /secret|token|password|apikey/i

function describeIssue(issue: Issue, input: unknown): string {
  const path = issue.path.map(String)
  const name = path.length === 0 ? 'it' : `"${path.join('.')}"`
  if (path.some((part) => secretNames.test(part))) return `${name}: ${issue.message}`
  const value = path.reduce<unknown>(
    (inner, key) =>
      typeof inner === 'object' && inner !== null
        ? (inner as Record<string, unknown>)[key]
        : undefined,
    input,
  )
  const shown =
    typeof value === 'object' && value !== null ? 'set' : (JSON.stringify(value) ?? 'missing')
  return `${name} is ${shown}: ${issue.message}`
}
