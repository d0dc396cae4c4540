/** The strictest flags, for single functions, and for projects and integrations that we write. */
export const strictFlags = {
  target: 'es2023',
  lib: ['es2023'],
  module: 'esnext',
  moduleResolution: 'bundler',
  strict: true,
  exactOptionalPropertyTypes: true,
  noUncheckedIndexedAccess: true,
  noImplicitOverride: true,
  noImplicitReturns: true,
  noFallthroughCasesInSwitch: true,
  allowUnreachableCode: false,
  allowUnusedLabels: false,
  isolatedModules: true,
  skipLibCheck: true,
  noEmit: true,
}

/** The flags for projects: public functions are written under these. */
export const projectFlags = {
  ...strictFlags,
  target: 'esnext',
  lib: ['esnext'],
  noPropertyAccessFromIndexSignature: true,
  noUnusedLocals: true,
  noUnusedParameters: true,
  isolatedModules: false,
  moduleDetection: 'force',
}
