/** The first message of every attempt; the task itself stands in the workspace's AGENTS.md. */
export const firstPrompt = [
  'Do the task that your instructions (AGENTS.md) describe, in the order they give.',
  'Start by reading interaction.json and api.md. End with `plumb submit`, or with `plumb blocked` when it cannot be done.',
].join('\n')

/** Sent once when the agent stops without having handed anything in. */
export const reminderPrompt = [
  'Nothing has been handed in yet. The attempt ends only with `plumb submit --operation <id>` (after a passed `plumb check`),',
  'or with `plumb blocked --reason access|not-possible --detail "..."`. Go on, and do one of the two.',
].join('\n')

/** Sent after a failure that was not the agent's. */
export const goOnPrompt = [
  'The connection was interrupted. A command that was running may not have finished.',
  'Look at the state of function.ts, then go on with the task from where you were.',
].join('\n')
