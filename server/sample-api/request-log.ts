export type LoggedRequest = { method: string; url: string; at: Date }

/** What the sample API was asked: the last 10,000 requests and, over all of them, how often each URL came. */
export type RequestLog = {
  requests(): readonly LoggedRequest[]
  /** Times this path and query was requested. */
  count(url: string): number
  total(): number
  clear(): void
}
