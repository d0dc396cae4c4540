/** What an attempt hands in: exported from outside the box, declared paths only. */
export type Submission = {
  readonly attemptId: string
  readonly files: readonly SubmittedFile[]
  /** SHA-256 over the sorted paths and contents. */
  readonly hash: string
  /** Operation ids of the API description that the function calls, as the agent declared them. */
  readonly operations: readonly string[]
  readonly submittedAt: string
}

export type SubmittedFile = {
  readonly path: string
  readonly content: string
  readonly sha256: string
}
