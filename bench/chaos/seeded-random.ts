export type Random = {
  /** From `least` to below `most`. */
  between(least: number, most: number): number
  pick<T>(list: readonly T[]): T
  shuffle<T>(list: readonly T[]): T[]
  chance(probability: number): boolean
}

/** The same numbers for the same seed (mulberry32). */
export function seededRandom(seed: number): Random {
  let state = seed >>> 0
  const next = (): number => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
  const between = (least: number, most: number): number => least + next() * (most - least)
  return {
    between,
    pick(list) {
      const picked = list[Math.floor(between(0, list.length))]
      if (picked === undefined) throw new Error('There is nothing to pick from.')
      return picked
    },
    shuffle(list) {
      const left = [...list]
      return list.flatMap(() => left.splice(Math.floor(between(0, left.length)), 1))
    },
    chance: (probability) => next() < probability,
  }
}
