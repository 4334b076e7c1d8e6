export type Answer = { status: number; type: string; body: Buffer; delayMs: number; headers?: Record<string, string> }

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
