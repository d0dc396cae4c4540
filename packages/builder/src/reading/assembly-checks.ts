/** What is asked of accepted functions once more, when they are put together. */
export const assemblyChecks = [
  'assembly-compile',
  'assembly-source',
  'assembly-types',
  'assembly-replay',
  'assembly-personal-data',
  'assembly-similarity',
  'assembly-listing',
] as const
