import { PageFault } from './page-fault'

/** Fingerprint (`t:` token, `u:` request, `c:` content, `d:` item key, `l:` id of the last item, `w:` all of it, `p:` ids of the items, `k:` ties of a keyset) → the page it was seen on. */
export type LoopGuardMemory = Map<string, number>

/** Another page that left this fingerprint, or null: what a page itself left doesn't count, so deciding twice decides the same. */
export function seenBefore(seen: LoopGuardMemory, fingerprint: string, page: number): number | null {
  const before = seen.get(fingerprint)
  return before === undefined || before === page ? null : before
}

/** The fingerprint with its page, as `noetl.page.fingerprints` keeps it. */
export const storedFingerprint = (fingerprint: string, page: number): string => `${fingerprint}@${page}`

/** Adds what a page left; the first page to leave a fingerprint keeps it. */
export function remember(seen: LoopGuardMemory, fingerprints: readonly string[], page: number): void {
  for (const fingerprint of fingerprints) if (!seen.has(fingerprint)) seen.set(fingerprint, page)
}

/** Memory rebuilt from what the saved pages keep. */
export function restoreMemory(fingerprints: readonly string[]): LoopGuardMemory {
  const seen: LoopGuardMemory = new Map()
  for (const stored of fingerprints) {
    const at = stored.lastIndexOf('@')
    remember(seen, [stored.slice(0, at)], Number(stored.slice(at + 1)))
  }
  return seen
}

/** `loop_detected` in words: which of them repeated, where, and the way out for an API that means it. */
export function loopFault(
  what: 'token' | 'field' | 'request' | 'content',
  page: number,
  before: number,
  shown: string,
): PageFault {
  switch (what) {
    case 'token':
      return new PageFault(
        'loop_detected',
        `page ${page} gives the token ${shown}, which page ${before} gave before: following it would fetch the same pages for ever`,
        'check that the token is sent where the API reads it (`param`, `in`)',
      )
    case 'field':
      return new PageFault(
        'loop_detected',
        `page ${page} ends with the value ${shown}, which page ${before} ended with before: following it would fetch the same pages for ever`,
        'check that it is sent where the API reads it (`param`, `in`); if more items than a page holds share it, page by a field that is unique',
      )
    case 'request':
      return new PageFault(
        'loop_detected',
        `after page ${page} the next request would be the one already sent for page ${before}: ${shown}`,
        'check what changes from one page to the next (`next_call`, or the path of the next URL)',
      )
    case 'content':
      return new PageFault(
        'loop_detected',
        `page ${page} has the same ${shown} as page ${before}: the API seems to ignore the page asked for`,
        'check `param` and `in`; if pages may really be alike, set `loop_guard: token`',
      )
  }
}
