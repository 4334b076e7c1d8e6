export type BadTokenLimit = {
  /** How many milliseconds a sender has to wait before it is heard again; 0 when it is heard. */
  waitMs(sender: string, now: number): number
  /** A token of this sender opened nothing. */
  note(sender: string, now: number): void
}

type Options = { most: number; perMs: number; mostSenders: number }

/** Stops listening to a sender that tries tokens. What is remembered is bounded: of too many senders the oldest is forgotten. */
export function createBadTokenLimit({ most, perMs, mostSenders }: Options): BadTokenLimit {
  const senders = new Map<string, { since: number; count: number }>()
  return {
    waitMs(sender, now) {
      const known = senders.get(sender)
      if (known === undefined || known.count < most) return 0
      return Math.max(0, known.since + perMs - now)
    },
    note(sender, now) {
      const known = senders.get(sender)
      if (known !== undefined && now - known.since < perMs) {
        known.count += 1
        return
      }
      senders.delete(sender)
      senders.set(sender, { since: now, count: 1 })
      const [oldest] = senders.keys()
      if (senders.size > mostSenders && oldest !== undefined) senders.delete(oldest)
    },
  }
}
