const KEPT_KEYS = 10_000

/** Which pages of `/api/v1/flaky` were tried before; one memory for all, or one a `key`, so that runs at once don't disturb each other. */
export type FlakyMemory = {
  /** Which try of this page this is, from 1. */
  countTry(key: string, page: number): number
  /** Forgets one key, or with null everything. */
  reset(key: string | null): void
}

export function createFlakyMemory(): FlakyMemory {
  const tries = new Map<string, Map<number, number>>()
  return {
    countTry(key, page) {
      const pages = tries.get(key) ?? new Map<number, number>()
      pages.set(page, (pages.get(page) ?? 0) + 1)
      tries.set(key, pages)
      const [oldest] = tries.keys()
      if (tries.size > KEPT_KEYS && oldest !== undefined) tries.delete(oldest)
      return pages.get(page) ?? 1
    },
    reset(key) {
      if (key === null) tries.clear()
      else tries.delete(key)
    },
  }
}
