/** Writes what runs inside a runner's box into `dist`. Throws when esbuild fails, or Node.js makes no snapshot. */
export function bundle(): Promise<void>
