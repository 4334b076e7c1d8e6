/** How an execution ended, and who started it. */
export type EndedRun = { id: string; parentId: string | null; status: string }

/** The executions that somebody asked to cancel. `accepted`: of those, the ones whose cancel was answered as done. */
export type Cancels = { sent: ReadonlySet<string>; accepted: ReadonlySet<string> }

/**
 * Holds what was cancelled against the cancels that were sent: nothing ends as cancelled that nobody cancelled, itself or
 * with what started it, and what was said to be cancelled is. One sentence a broken promise.
 */
export function checkCancels(runs: readonly EndedRun[], { sent, accepted }: Cancels): string[] {
  const known = new Map(runs.map((run) => [run.id, run]))
  const wasAsked = ({ id, parentId }: EndedRun): boolean => {
    const parent = parentId === null ? undefined : known.get(parentId)
    return sent.has(id) || (parent !== undefined && wasAsked(parent))
  }
  return [
    ...runs
      .filter((run) => run.status === 'CANCELLED' && !wasAsked(run))
      .map(({ id }) => `execution ${id}: is CANCELLED, and nobody cancelled it`),
    ...[...accepted]
      .map((id) => known.get(id) ?? { id, status: 'not on record' })
      .filter(({ status }) => status !== 'CANCELLED')
      .map(({ id, status }) => `execution ${id}: a cancel was accepted, but it is ${status}`),
  ]
}
