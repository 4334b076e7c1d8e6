import type { FlakyMemory } from './flaky-memory'
import { frontPageHtml, frontPageJson, type FrontPage } from './front-page'
import type { Answer, PageCache } from './page-cache'
import { BadParameter, readDelay, readFailOn, readPageWindow } from './read-parameters'
import { PAGES } from './render-page'

type Asked = { method: string; url: string; accept: string }

/** `pageDelayMs` is how long pages take that are asked for without `delay_ms`. */
type Shop = { flaky: FlakyMemory; cache: PageCache; pageDelayMs: number; frontPage(): FrontPage }

/** What the sample API answers to a request; the only state is in `flaky`. */
export function answerRequest(asked: Asked, shop: Shop): Answer {
  const cached = asked.method === 'POST' ? undefined : shop.cache.get(asked.url)
  if (cached) return cached
  try {
    return route(asked, shop)
  } catch (error) {
    if (!(error instanceof BadParameter)) throw error
    return json(400, { error: 'bad_parameter', parameter: error.parameter, message: error.message })
  }
}

function route(asked: Asked, shop: Shop): Answer {
  if (!URL.canParse(asked.url, 'http://sample')) throw new BadParameter('url', 'not a path')
  const { pathname: path, searchParams: query } = new URL(asked.url, 'http://sample')
  const askedDelayMs = readDelay(query)
  const delayMs = askedDelayMs ?? 0
  if (path === '/api/v1/flaky/reset') {
    if (asked.method !== 'POST') return notAllowed(asked.method, 'POST')
    shop.flaky.reset(query.get('key'))
    return { ...json(200, { status: 'reset', message: 'the tries are forgotten' }), delayMs }
  }
  const render = Object.hasOwn(PAGES, path) ? PAGES[path] : undefined
  const known = render !== undefined || path === '/' || path === '/health'
  if (!known) return json(404, { error: 'not_found', message: `no endpoint ${path}; see / for what there is` })
  if (asked.method !== 'GET' && asked.method !== 'HEAD') return notAllowed(asked.method, 'GET, HEAD')
  if (path === '/health') return { ...json(200, { status: 'ok' }), delayMs }
  if (!render) return { ...frontPage(asked.accept, shop.frontPage()), delayMs }

  const page = text(200, JSON_TYPE, render(query))
  const pageDelayMs = askedDelayMs ?? shop.pageDelayMs
  if (path === '/api/v1/flaky') return { ...(flakyFailure(query, shop.flaky) ?? page), delayMs: pageDelayMs }
  const answer = { ...page, delayMs: pageDelayMs }
  shop.cache.put(asked.url, answer)
  return answer
}

function flakyFailure(query: URLSearchParams, flaky: FlakyMemory): Answer | null {
  const { page } = readPageWindow(query)
  const failOn = readFailOn(query)
  const attempt = flaky.countTry(query.get('key') ?? '', page)
  return failOn.has(page) && attempt === 1 ? json(500, { detail: 'Simulated failure', page, attempt }) : null
}

function frontPage(accept: string, page: FrontPage): Answer {
  return accept.includes('text/html')
    ? text(200, 'text/html; charset=utf-8', frontPageHtml(page))
    : text(200, JSON_TYPE, frontPageJson(page))
}

function notAllowed(method: string, allow: string): Answer {
  return {
    ...json(405, { error: 'method_not_allowed', message: `${method} is not answered here, ${allow} is` }),
    headers: { allow },
  }
}

const JSON_TYPE = 'application/json'

const json = (status: number, body: object): Answer => text(status, JSON_TYPE, JSON.stringify(body))

const text = (status: number, type: string, body: string): Answer => ({
  status,
  type,
  body: Buffer.from(body),
  delayMs: 0,
})
