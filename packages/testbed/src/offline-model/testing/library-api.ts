import type { JsonObject } from '@plumb/protocol'
import type { InventedApi } from './invented-api.js'
import { inPath, object, text } from './invented-api.js'

const id: JsonObject = { type: 'integer' }
const book = object({ id, title: text, isbn: text, due_on: text }, ['id', 'title'])
const shelf = object({ id, label: text }, ['id', 'label'])
const newBook = object(
  {
    title: text,
    isbn: { type: 'string', pattern: '^\\d{13}$' },
    due_on: { type: 'string', format: 'date' },
  },
  ['title', 'isbn'],
)

export type Library = {
  readonly api: InventedApi
  readonly shelves: Map<number, JsonObject>
  readonly books: Map<number, JsonObject>
}

/** Books on shelves: nested paths, numeric ids, errors with field names, one route without access. */
export function inventLibrary(seeded: boolean): Library {
  const shelves = new Map<number, JsonObject>()
  const books = new Map<number, JsonObject>()
  let last = 40
  const add = (to: Map<number, JsonObject>, value: JsonObject) => {
    last += 1
    to.set(last, { id: last, ...value })
    return { status: 201, body: to.get(last) ?? null }
  }
  const gone = { status: 404, body: { message: 'Not found' } }
  const found = (value: JsonObject | undefined) =>
    value === undefined ? gone : { status: 200, body: value }
  const on = (shelfId: string | undefined) =>
    [...books.values()].filter((one) => one['shelf'] === Number(shelfId))
  if (seeded) {
    const { body } = add(shelves, { label: 'Sea stories' })
    add(books, {
      title: 'The whale',
      isbn: '9780000000000',
      due_on: '2031-01-01',
      shelf: (body as JsonObject)['id'] ?? 0,
    })
  }
  const base = '/v1/shelves/{shelf_id}/books'
  const onShelf = inPath('shelf_id', id)
  const thisBook = [onShelf, inPath('book_id', id)]
  return {
    shelves,
    books,
    api: {
      operations: [
        {
          id: 'listShelves',
          method: 'GET',
          path: '/v1/shelves',
          summary: 'List shelves',
          answer: object({ shelves: { type: 'array', items: shelf } }),
          handle: () => ({ status: 200, body: { shelves: [...shelves.values()] } }),
        },
        {
          id: 'createShelf',
          method: 'POST',
          path: '/v1/shelves',
          summary: 'Create a shelf',
          body: object({ label: text }, ['label']),
          answer: shelf,
          handle: ({ body }) => add(shelves, body),
        },
        {
          id: 'listBooks',
          method: 'GET',
          path: base,
          summary: 'List books',
          parameters: [onShelf],
          answer: object({ books: { type: 'array', items: book } }),
          handle: (_, [at]) =>
            shelves.has(Number(at)) ? { status: 200, body: { books: on(at) } } : gone,
        },
        {
          id: 'createBook',
          method: 'POST',
          path: base,
          summary: 'Put a book on a shelf',
          parameters: [onShelf],
          body: newBook,
          answer: book,
          handle: ({ body }, [at]) => {
            if (!shelves.has(Number(at))) return gone
            if (!/^\d{13}$/.test(String(body['isbn'])))
              return {
                status: 422,
                body: { errors: [{ field: 'isbn', message: 'must have 13 digits' }] },
              }
            if (body['due_on'] === undefined)
              return {
                status: 422,
                body: { errors: [{ field: 'due_on', message: 'is required' }] },
              }
            return add(books, { ...body, shelf: Number(at) })
          },
        },
        {
          id: 'deleteBook',
          method: 'DELETE',
          path: `${base}/{book_id}`,
          summary: 'Remove a book',
          parameters: thisBook,
          answer: object({ id }),
          handle: (_, [, one]) => {
            const was = books.get(Number(one))
            books.delete(Number(one))
            return found(was)
          },
        },
        {
          id: 'readAudit',
          method: 'GET',
          path: '/v1/audit',
          summary: 'Read the audit log',
          answer: object({ id: text }),
          handle: () => 'no-access',
        },
      ],
    },
  }
}
