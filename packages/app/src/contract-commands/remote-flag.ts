import { settings } from '../settings/settings.js'

/** `--remote` of the commands that a server can answer. */
export const remoteFlag = settings.remoteUrl.schema
  .optional()
  .describe('address of the server to ask (default: PLUMB_URL, else the data folder)')
