import * as z from 'zod'

/** Which repository a connection works with: set it as the connection's metadata. */
export const Repository = z.object({ owner: z.string(), repo: z.string() })
