import type { ElementView, ExecutionView } from '@/domain/execution/view'

/** Less than this is over before anybody has pressed a button. */
const SHORT_MS = 1_000

/** True while an element waits between two tries, long enough to be told to go on at once. */
export function waitsForTry({ status, nextAttemptAt, pages }: ElementView, now: number): boolean {
  if (status !== 'WAITING' || nextAttemptAt === null || nextAttemptAt - now < SHORT_MS) return false
  return pages.some((page) => page.status === 'waiting')
}

/** How many elements do. */
export function countWaits({ stats, steps }: ExecutionView, now: number): number {
  if (stats.waiting === 0) return 0
  return steps.reduce((sum, { elements }) => {
    return sum + elements.filter((element) => element !== null && waitsForTry(element, now)).length
  }, 0)
}
