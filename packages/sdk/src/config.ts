/** What `plumb.config.ts` may say about a project of functions. */
export type ProjectConfig = {
  /** Packages that functions may import beside the SDK, zod and the allowed Node modules. */
  readonly allowedPackages?: readonly string[]
  /** What is refused unless a person allows it here. */
  readonly allow?: {
    /** `getToken` and `getConnection().credentials`: functions of this project may read secrets. */
    readonly credentials?: boolean
    /** `uncontrolledFetch`: functions of this project may call any public address. */
    readonly uncontrolledFetch?: boolean
  }
}

/** Gives `plumb.config.ts` its types: `export default defineConfig({ ... })`. */
export function defineConfig(config: ProjectConfig): ProjectConfig {
  return config
}
