import { p50p99 } from './recovery'
import type { CheckedRun } from './runs'

/** What came of a chaos. */
export type ChaosResult = {
  runs: readonly CheckedRun[]
  kills: number
  /** Milliseconds, sorted: from a kill to the next page of what the worker held, and to one of everything it held. */
  firstMs: readonly number[]
  lastMs: readonly number[]
  /** From the end of a child to the end of the element that waited for it, sorted. */
  wakesMs: readonly number[]
  /** The longest time without a saved page. */
  stallMs: number
  broken: readonly string[]
}

/** The history check of one chaos or, side by side and together, of several; below it the promises that were broken. */
export function chaosReport(results: ReadonlyMap<string, ChaosResult>): string {
  const all = [...results.values()]
  const columns = all.length > 1 ? [...results, ['together', together(all)] as const] : [...results]
  const cells = columns.map(([, result]) => linesOf(result))
  const heads =
    columns.length > 1
      ? [
          line(
            '',
            columns.map(([head]) => head),
          ),
        ]
      : []
  const lines = (cells[0] ?? []).map(([name], place) =>
    line(
      name,
      cells.map((column) => column[place]?.[1] ?? ''),
    ),
  )
  const broken = columns.length > 1 ? [] : all.flatMap((result) => result.broken)
  return `\n${[...heads, ...lines, ...broken.map((sentence) => `  ✗ ${sentence}`)].join('\n')}\n\n`
}

function linesOf({ runs, kills, firstMs, lastMs, wakesMs, stallMs, broken }: ChaosResult): [string, string][] {
  const sum = (of: (run: CheckedRun) => number): string => String(runs.reduce((total, run) => total + of(run), 0))
  const ended = (status: string): string => String(runs.filter((run) => run.status === status).length)
  return [
    ['runs', String(runs.length)],
    ['  run by another', String(runs.filter(({ parentId }) => parentId !== null).length)],
    ['  completed', ended('COMPLETED')],
    ['  cancelled', ended('CANCELLED')],
    ['  failed with a child', ended('FAILED')],
    ['pages expected', sum(({ verdict }) => verdict.pagesExpected)],
    ['pages stored', sum(({ verdict }) => verdict.pagesStored)],
    ['requested twice', sum(({ verdict }) => verdict.requestedTwice)],
    ['events', sum(({ verdict }) => verdict.events)],
    ['gaps', sum(({ verdict }) => verdict.gaps)],
    ['longest stall', seconds(stallMs)],
    ['kills of workers', String(kills)],
    ['  with work in hand', String(firstMs.length)],
    ['recovery, next page', p50p99(firstMs)],
    ['recovery, all elements', p50p99(lastMs)],
    ['parent after its child', p50p99(wakesMs)],
    ['promises broken', String(broken.length)],
  ]
}

function together(results: readonly ChaosResult[]): ChaosResult {
  const sorted = (of: (result: ChaosResult) => readonly number[]): number[] =>
    results.flatMap(of).toSorted((a, b) => a - b)
  return {
    runs: results.flatMap(({ runs }) => runs),
    kills: results.reduce((total, { kills }) => total + kills, 0),
    firstMs: sorted(({ firstMs }) => firstMs),
    lastMs: sorted(({ lastMs }) => lastMs),
    wakesMs: sorted(({ wakesMs }) => wakesMs),
    stallMs: Math.max(...results.map(({ stallMs }) => stallMs)),
    broken: results.flatMap(({ broken }) => broken),
  }
}

const line = (name: string, values: readonly string[]): string =>
  `  ${name.padEnd(24)}${values.map((value) => value.padEnd(26)).join('')}`.trimEnd()

const seconds = (ms: number): string => `${(ms / 1_000).toFixed(1)} s`
