import { save, sync } from '../case-sources.js'
import type { RuleCases } from '../case-sources.js'
import {
  askSync,
  end,
  incremental,
  pages,
  read,
  start,
  stored,
  useIt,
  walk,
} from './project-case-sources.js'

/** For each rule: functions it objects to, and near misses that it lets pass. */
export const syncCases: RuleCases = {
  'delete-tracking-ended': {
    hits: [sync(start), sync(`${start} await nango.trackDeletesEnd('Other')`)],
    passes: [
      sync(walk),
      sync(`const model = 'Item'; ${start} await nango.trackDeletesEnd(model)`),
      sync(`if (first) { ${start} } ${pages} if (last) { ${end} }`),
      `async function close(nango: NangoSync, model: string) { await nango.trackDeletesEnd(model) }\n${sync(`${start} await close(nango, 'Item')`)}`,
      `class Walk { constructor(private nango: NangoSync) {}\n async close() { await this.nango.trackDeletesEnd('Item') } }\n${sync(`${start} await new Walk(nango).close()`)}`,
    ],
  },
  'delete-tracking-started': {
    hits: [sync(`${pages} ${end}`)],
    passes: [
      sync(walk),
      sync(end).replace("frequency: 'every hour'", "frequency: 'every hour', trackDeletes: true"),
    ],
  },
  'delete-tracking-ended-on-every-path': {
    hits: [sync(`${start} if (none) return; ${pages} ${end}`)],
    passes: [
      sync(`if (none) return; ${walk}`),
      sync(`${start} if (none) { ${end} return } ${pages} ${end}`),
      sync(`if (full) { ${start} } else { return } ${end}`),
      sync(`${start} const ids = items.map((i) => { return i.id }); ${end}`),
    ],
  },
  'delete-tracking-only-when-complete': {
    hits: [
      sync(`${start} try { ${pages} } finally { ${end} }`),
      sync(`${start} try { ${pages} } catch (e) { ${end} }`),
      sync(`try { ${pages} } finally { await nango.deleteRecordsFromPreviousExecutions('Item') }`),
    ],
    passes: [sync(`${start} try { ${pages} ${end} } finally { await nango.log('done') }`)],
  },
  'delete-tracking-after-swallowed-error': {
    hits: [sync(`${start} try { ${pages} } catch (e) { await nango.log('failed') } ${end}`)],
    passes: [
      sync(`${start} try { ${pages} } catch (e) { throw e } ${end}`),
      sync(`${start} try { ${pages} } catch (e) { return } ${end}`),
      sync(`${start} try { JSON.parse(x) } catch (e) { y = 1 } ${pages} ${end}`),
    ],
  },
  'no-previous-executions-delete-in-incremental': {
    hits: [
      incremental(
        `${read} ${useIt} ${stored} await nango.deleteRecordsFromPreviousExecutions('Item')`,
      ),
      sync("await nango.deleteRecordsFromPreviousExecutions('Item')").replace(
        "frequency: 'every hour'",
        "frequency: 'every hour', syncType: 'incremental'",
      ),
    ],
    passes: [sync(`${pages} await nango.deleteRecordsFromPreviousExecutions('Item')`)],
  },
  'checkpoint-used': {
    hits: [incremental(`${pages} ${stored}`)],
    passes: [
      incremental(`${read} ${useIt} ${stored}`),
      `async function since(nango: NangoSync) { return (await nango.getCheckpoint())?.since }\n${incremental(`const since2 = await since(nango); ${stored}`)}`,
    ],
  },
  'checkpoint-read-is-used': {
    hits: [
      incremental(`await nango.getCheckpoint(); ${stored}`),
      incremental(`${read} ${pages} ${stored}`),
      incremental(`${read} await nango.log(\`from \${saved?.since}\`); ${stored}`),
      incremental(
        `${read} const since = saved?.since ?? ''; await nango.saveCheckpoint({ since })`,
      ),
      incremental(
        `const parsed = Checkpoint.safeParse(await nango.getCheckpoint()); const since = parsed.data; ${pages}`,
      ),
    ],
    passes: [
      incremental(`${read} ${useIt}`),
      incremental(`${read} if (saved) { ${pages} }`),
      incremental(
        `${read} let page = saved?.page ?? 0; while (page < 3) { page += 1; await ${askSync} }`,
      ),
      incremental(`const { since } = await nango.getCheckpoint(); await load(since)`),
      incremental(
        `let since; since = (await nango.getCheckpoint())?.since; for (const i of items) { if (i.at > since) keep(i) }`,
      ),
      incremental(
        `const parsed = Checkpoint.safeParse(await nango.getCheckpoint()); const c = parsed.success ? parsed.data : {}; ${pages}`,
      ),
    ],
  },
  'checkpoint-declared-is-used': {
    hits: [incremental(pages)],
    passes: [
      incremental(`${read} ${useIt} ${stored}`),
      sync(pages),
      incremental('await nango.clearCheckpoint()'),
    ],
  },
  'checkpoint-after-records': {
    hits: [
      incremental(`${read} ${useIt} ${stored} ${save}`),
      incremental(`${read} while (saved) { ${stored} if (items.length) { ${save} } }`),
    ],
    passes: [
      incremental(`${read} ${useIt} ${save} ${stored}`),
      incremental(`${read} ${useIt} ${stored} ${pages}`),
      incremental(`${read} ${pages} ${stored} ${save}`),
      incremental(`${read} if (saved) { ${stored} } ${useIt}`),
    ],
  },
  'checkpoint-shape': {
    hits: [
      incremental(`${read} ${useIt} await nango.saveCheckpoint({ until: '1' })`),
      incremental(`${read} ${useIt} await nango.saveCheckpoint({ page: 1 })`),
    ],
    passes: [
      incremental(`${read} ${useIt} ${stored}`),
      incremental(`${read} ${useIt} await nango.saveCheckpoint({ ...saved, page: 1 })`),
      incremental(`${read} ${useIt} await nango.saveCheckpoint(next)`),
      incremental(
        `${read} ${useIt} await nango.saveCheckpoint({ page: 1 })`,
        'Checkpoint.partial()',
      ),
      incremental(
        `${read} ${useIt} await nango.saveCheckpoint({})`,
        "z.object({ since: z.string().default('') })",
      ),
    ],
  },
  'model-declared': {
    hits: [
      sync("await nango.batchSave([], 'Other')"),
      sync("const m = 'Gone'; await nango.batchDelete([], m)"),
    ],
    passes: [
      sync(save),
      sync("await nango.batchSave([], 'Item')", '{ Item }'),
      sync('await nango.batchSave([], model)'),
      sync("await nango.batchSave([], 'Other')", '{ ...models }'),
      sync("await nango.batchSave([], 'Other')", 'allModels'),
    ],
  },
  'model-name-stable': {
    hits: [
      sync('await nango.batchSave([], `Item${kind}`)'),
      sync("await nango.batchSave([], 'Item' + kind)"),
      sync(save, '{ [`Item${kind}`]: z.object({ id: z.string() }) }'),
    ],
    passes: [
      sync("await nango.batchSave([], 'It' + 'em')"),
      sync(save, "{ ['Item']: z.object({ id: z.string() }) }"),
      sync("await nango.batchSave([], isNew ? 'Item' : 'Item')"),
      sync(save, '{ Item: ItemSchema }'),
    ],
  },
  'model-has-id': {
    hits: [
      sync(save, '{ Item: z.object({ name: z.string() }) }'),
      `const Item = z.object({ name: z.string() }).strict()\n${sync(save, '{ Item }')}`,
    ],
    passes: [
      sync(save),
      sync(save, '{ Item: z.object({ ...base }) }'),
      sync(save, '{ Item: Base.extend({ name: z.string() }) }'),
      sync(save, '{ Item }'),
    ],
  },
}
