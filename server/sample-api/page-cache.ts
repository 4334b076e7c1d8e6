export type Answer = { status: number; type: string; body: Buffer; delayMs: number; headers?: Record<string, string> }
type Shop = { flaky: FlakyMemory; cache: PageCache; frontPage(): FrontPage }

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

const MAX_BYTES = 64 * 1024 * 1024

/** Rendered pages by URL, so that a benchmark measures its client and not this server; the oldest go at 64 MiB. */
export type PageCache = { get(url: string): Answer | undefined; put(url: string, answer: Answer): void }

export function createPageCache(): PageCache {
  const answers = new Map<string, Answer>()
  let bytes = 0
  return {
    get: (url) => answers.get(url),
    put(url, answer) {
      answers.set(url, answer)
      bytes += answer.body.length
      for (const [oldUrl, old] of answers) {
        if (bytes <= MAX_BYTES) return
        answers.delete(oldUrl)
        bytes -= old.body.length
      }
    },
  }
}
