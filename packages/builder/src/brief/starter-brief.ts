/** The brief that `plumb init` writes: YAML, ready to build once the connection exists. */
export function starterBrief(from: {
  provider: string
  integration: string
  connection: string
}): string {
  return `# What to build for one API, and the test account to prove it with. docs/briefs.md describes every key.
provider: ${JSON.stringify(from.provider)}
connection:
  integration: ${JSON.stringify(from.integration)}
  id: ${JSON.stringify(from.connection)}

# Anything an engineer should know that the API's documentation does not say.
notes: Use only test data; names start with the namespace of the attempt.

interactions:
  - id: list-items
    description: List the items of the account, newest first
    kind: action

  - id: create-item
    description: Create an item
    kind: action
    writes: true
    input:
      title: string
      note: string?
    output:
      id: string

  - id: items
    description: Keep a copy of all items in step
    kind: sync
`
}
