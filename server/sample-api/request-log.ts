const KEPT_REQUESTS = 10_000
const KEPT_URLS = 100_000

export type LoggedRequest = { method: string; url: string; at: Date }

/** What a server was asked: the last 10,000 requests in order, and how often each URL came. */
type RequestLog = {
  record(method: string, url: string): void
  requests(): LoggedRequest[]
  /** Times this path and query was requested, by any method. */
  count(url: string): number
  /** Requests since the start, by path without the query. */
  totals(): ReadonlyMap<string, number>
}

export function createRequestLog(): RequestLog {
  const ring: LoggedRequest[] = []
  const byUrl = new Map<string, number>()
  const byPath = new Map<string, number>()
  let recorded = 0

  return {
    record(method, url) {
      ring[recorded % KEPT_REQUESTS] = { method, url, at: new Date() }
      recorded += 1
      countUp(byUrl, url)
      countUp(byPath, url.split('?', 1)[0] ?? url)
    },
    requests() {
      const oldest = recorded % KEPT_REQUESTS
      return recorded <= KEPT_REQUESTS ? ring.slice() : [...ring.slice(oldest), ...ring.slice(0, oldest)]
    },
    count: (url) => byUrl.get(url) ?? 0,
    totals: () => byPath,
  }
}

function countUp(counts: Map<string, number>, key: string): void {
  const count = counts.get(key)
  if (count !== undefined || counts.size < KEPT_URLS) counts.set(key, (count ?? 0) + 1)
}
