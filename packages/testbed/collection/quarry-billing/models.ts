import { z } from 'zod'

export const Money = z.object({ amount: z.number(), currency: z.string() })

export const Invoice = z.object({
  id: z.string(),
  number: z.string(),
  total: Money,
  lines: z.array(z.object({ text: z.string(), total: Money, taxRates: z.array(z.number()) })),
  status: z.enum(['draft', 'sent', 'paid', 'void']),
  due: z.string().nullable(),
  extra: z.record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.null()])),
})
export type Invoice = z.infer<typeof Invoice>

export const Payment = z.object({ id: z.string(), invoiceId: z.string(), total: Money })
export type Payment = z.infer<typeof Payment>

export const Ledger = z
  .object({ id: z.string(), balance: z.number() })
  .catchall(z.union([z.string(), z.number()]))
export type Ledger = z.infer<typeof Ledger>

/** An account with accounts below it. */
export type Account = { code: string; name: string; below: Account[] }
export const Account: z.ZodType<Account> = z.lazy(() =>
  z.object({ code: z.string(), name: z.string(), below: z.array(Account) }),
)
