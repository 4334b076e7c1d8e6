import { createServer, type ServerResponse } from 'node:http'
import { afterAll } from 'vitest'
import { listen } from '@/server/http/testing/connector'

const TOTAL = 14
const PARTS = 2
/** How many items come at an offset: three at the first, so that most pages are longer or shorter than due. */
const SIZES = [3, 5, 1, 4, 2]
/** The first try of each element's page here fails. */
const FAILS_AT = 6

/** Ids of all items at `/items/NAME`. */
export const itemIds = (name: string): string[] => Array.from({ length: TOTAL }, (_, place) => `${name}-${place}`)

/** Ids of all parts at `/parts/ID`. */
export const partIds = (id: string): string[] => Array.from({ length: PARTS }, (_, place) => `${id}/${place}`)

/** Items by offset from a server that caps its pages as it likes, and the parts of each item, page by page along Link headers. Call it at the top of a test file. */
export async function startCappingApi(): Promise<{ origin: string }> {
  const server = await listen(
    createServer((request, response) => {
      const url = new URL(request.url ?? '/', 'http://capping')
      const [, kind, name = ''] = url.pathname.split('/')
      if (kind === 'items') return sendItems(response, url, name)
      sendParts(response, url, name)
    }),
    'http',
  )
  afterAll(server.close)
  const tried = new Set<string>()

  function sendItems(response: ServerResponse, url: URL, name: string): void {
    const from = Number(url.searchParams.get('offset'))
    // Trials of one run each ask for their own.
    const trial = `${url.searchParams.get('trial')}/${name}`
    if (from === FAILS_AT && !tried.has(trial)) {
      tried.add(trial)
      return send(response, 500, { error: 'once' })
    }
    const ids = itemIds(name).slice(from, from + (SIZES[from % SIZES.length] ?? 1))
    send(response, 200, { data: ids.map((id) => ({ id })), total: TOTAL })
  }
  return server
}

function sendParts(response: ServerResponse, url: URL, id: string): void {
  const at = Number(url.searchParams.get('at') ?? 0)
  if (at + 1 < PARTS) response.setHeader('link', `<${url.pathname}?at=${at + 1}>; rel="next"`)
  send(response, 200, {
    data: partIds(id)
      .slice(at, at + 1)
      .map((part) => ({ id: part })),
  })
}

/** Not at once, so that several requests are under way. */
const send = (response: ServerResponse, status: number, json: unknown): void =>
  void setTimeout(
    () => response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(json)),
    30,
  )
