import type { FunctionDefinition } from '@plumb/protocol'
import type { Queryable } from '../database/database.js'

/** Code with what it declares. */
export type FunctionBundle = {
  /** SHA-256 of the code, in hexadecimal. */
  readonly hash: string
  readonly code: string
  readonly definition: FunctionDefinition
}

/** Code that no deployment has is kept this long, in hours: its deployment may be under way. */
const graceHours = 24

/** Stores code; what the environment has already stays as it is. `now` is ISO 8601. */
export async function saveBundles(
  db: Queryable,
  environment: string,
  { bundles, now }: { readonly bundles: readonly FunctionBundle[]; readonly now: string },
): Promise<void> {
  await db.query(
    `insert into plumb.function_bundles (environment, created_at, hash, code, definition)
     select $1, $2, * from unnest($3::text[], $4::text[], $5::json[])
     on conflict (environment, hash) do nothing`,
    [
      ...[environment, now],
      bundles.map(({ hash }) => hash),
      bundles.map(({ code }) => code),
      bundles.map(({ definition }) => JSON.stringify(definition)),
    ],
  )
}

/** What code declares, by its hash, for those hashes that the environment has code of. */
export async function findDefinitions(
  db: Queryable,
  environment: string,
  hashes: readonly string[],
): Promise<ReadonlyMap<string, FunctionDefinition>> {
  const found = await db.query<{ hash: string; definition: FunctionDefinition }>(
    `select hash, definition from plumb.function_bundles
     where environment = $1 and hash = any($2::text[])`,
    [environment, hashes],
  )
  return new Map(found.map(({ hash, definition }) => [hash, definition]))
}

/** Removes code that belongs to no deployment and has waited for one too long. `now` is ISO 8601. */
export async function removeUnusedBundles(
  db: Queryable,
  environment: string,
  now: string,
): Promise<void> {
  await db.query(
    `delete from plumb.function_bundles b where environment = $1
       and created_at < $2::timestamptz - make_interval(hours => $3)
       and not exists (
         select from plumb.deployed_functions f
         where f.environment = b.environment and f.bundle_hash = b.hash)`,
    [environment, now, graceHours],
  )
}
