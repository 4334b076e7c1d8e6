import type { z } from 'zod'
import { callJson } from './call-api'

type Page<Item> = { items: Item[]; next_cursor: string | null }

/** All items of a list of the API, page by page; parameters that are undefined are left out. Throws as `callJson`. */
export async function* listAll<Item>(
  schema: z.ZodType<Page<Item>>,
  { server, path, params = {} }: { server: string; path: string; params?: Record<string, string | undefined> },
): AsyncGenerator<Item> {
  const query = new URLSearchParams()
  for (const [name, value] of Object.entries(params)) if (value !== undefined) query.set(name, value)
  for (;;) {
    const page = await callJson(schema, { server, path: `${path}?${query}` })
    yield* page.items
    if (page.next_cursor === null) return
    query.set('cursor', page.next_cursor)
  }
}
