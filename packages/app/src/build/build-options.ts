import { z } from 'zod'
import { offlineModelName } from '../model/offline-model-name.js'

/** Options that every command that builds has. */
export const buildOptions = {
  model: z
    .string()
    .default(offlineModelName)
    .describe(
      'provider/model, such as anthropic/claude-sonnet-4-5; offline/builder is rules, no LLM',
    ),
  output: z.string().default('.').describe('folder that receives integrations/ and the report'),
  concurrency: z.coerce
    .number()
    .int()
    .min(1)
    .max(64)
    .default(4)
    .describe('interactions that are built at once'),
  attempts: z.coerce
    .number()
    .int()
    .min(1)
    .max(10)
    .default(3)
    .describe('attempts from scratch per interaction'),
  maxMinutes: z.coerce
    .number()
    .positive()
    .default(20)
    .describe('time budget of one attempt, in minutes'),
  maxTokens: z.coerce
    .number()
    .int()
    .positive()
    .default(2_000_000)
    .describe('token budget of one attempt'),
  maxCost: z.coerce
    .number()
    .positive()
    .default(5)
    .describe('money budget of one attempt, in US dollars'),
  keepResources: z
    .boolean()
    .default(false)
    .describe('leave what attempts have made in the test account'),
  fresh: z
    .boolean()
    .default(false)
    .describe('start anew instead of continuing an unfinished run of the same briefs'),
}

export type BuildOptions = z.infer<z.ZodObject<typeof buildOptions>>

/** The options without `output`, for commands that choose it themselves. */
export const fixedOutputOptions = z.object(buildOptions).omit({ output: true }).shape
