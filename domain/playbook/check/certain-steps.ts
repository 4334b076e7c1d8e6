import { dataMember } from '../template/values'

/** What is certain of a workflow before it runs, by the indexes of its steps; null stands for the workflow's end. */
export type Certainty = {
  /** Whether `other` has run whenever `step` begins. */
  hasRun: (other: number, step: number | null) => boolean
  /** Whether `other` leads to `step`, which then waits for it. */
  leadsTo: (other: number, step: number | null) => boolean
  /** Whether anything leads to it. */
  isReached: (step: number) => boolean
}

/** Where an entry of `next` leads: whatever comes (`always`), or as one of several of which one is taken at least. */
type Way = { to: number; always: boolean; isElse: boolean }

/** Reads a workflow, right or wrong; null where it has no `start`, or goes in circles. */
export function certainSteps(steps: readonly unknown[]): Certainty | null {
  const indexes = new Map(steps.map((step, index) => [dataMember(step, 'step'), index]))
  const ways = steps.map((step) => waysOf(step, indexes))
  const start = indexes.get('start')
  const order = start === undefined ? null : fromStart(start, ways)
  if (start === undefined || order === null) return null
  const follows = whatFollows(order, ways)
  const common = new Map([[start, follows.get(start) ?? 0n]])
  const before = new Map([[start, 0n]])
  for (const from of order) {
    const certain = (common.get(from) ?? 0n) | (follows.get(from) ?? 0n)
    for (const { to } of ways[from] ?? []) {
      common.set(to, (common.get(to) ?? certain) & certain)
      before.set(to, (before.get(to) ?? 0n) | (before.get(from) ?? 0n) | bit(from))
    }
  }
  const sureAtEnd = follows.get(start) ?? 0n
  return {
    hasRun: (other, step) =>
      has(step === null ? sureAtEnd : (common.get(step) ?? 0n) & (before.get(step) ?? 0n), other),
    leadsTo: (other, step) => (step === null ? common.has(other) : has(before.get(step) ?? 0n, other)),
    isReached: (step) => common.has(step),
  }
}

// Sets of steps are the bits of one integer: a workflow may be a chain of thousands.
const bit = (index: number): bigint => 1n << BigInt(index)
const has = (set: bigint, index: number): boolean => ((set >> BigInt(index)) & 1n) === 1n

function waysOf(step: unknown, indexes: ReadonlyMap<unknown, number>): Way[] {
  const next = dataMember(step, 'next')
  return (Array.isArray(next) ? next : []).flatMap((entry) => {
    const to = indexes.get(dataMember(entry, 'step'))
    const isElse = dataMember(entry, 'else') === true
    return to === undefined ? [] : [{ to, always: !isElse && dataMember(entry, 'when') === undefined, isElse }]
  })
}

/** Every step that is reached, before all that it leads to; null where one leads back. */
function fromStart(start: number, ways: readonly (readonly Way[])[]): number[] | null {
  const finished: number[] = []
  const state = new Map<number, 'open' | 'finished'>([[start, 'open']])
  const open = [{ index: start, entry: 0 }]
  for (let top = open.at(-1); top !== undefined; top = open.at(-1)) {
    const way = ways[top.index]?.[top.entry]
    top.entry += 1
    if (way === undefined) {
      finished.push(top.index)
      state.set(top.index, 'finished')
      open.pop()
    } else if (state.get(way.to) === 'open') return null
    else if (!state.has(way.to)) {
      state.set(way.to, 'open')
      open.push({ index: way.to, entry: 0 })
    }
  }
  return finished.toReversed()
}

/** By each step, those that run in any case once it does, itself among them. */
function whatFollows(order: readonly number[], ways: readonly (readonly Way[])[]): Map<number, bigint> {
  const follows = new Map<number, bigint>()
  for (const index of order.toReversed()) {
    const own = ways[index] ?? []
    const always = own.filter(({ always: each }) => each)
    let set = always.reduce((sum, { to }) => sum | (follows.get(to) ?? 0n), bit(index))
    if (always.length === 0 && own.some(({ isElse }) => isElse)) {
      set |= own.map(({ to }) => follows.get(to) ?? 0n).reduce((left, right) => left & right)
    }
    follows.set(index, set)
  }
  return follows
}
