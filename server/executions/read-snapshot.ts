import { z } from 'zod'
import type { ExecutionEvent } from '@/domain/execution/events'
import { emptyView, type ExecutionView } from '@/domain/execution/view'
import { applyEvents } from '@/domain/execution/view-fold'
import { processWide } from '../db/process-wide'
import { readLogPart } from '../db/read-event-log'
import { noSuchExecution } from './read-events'

/** Views kept folded; the one not asked for the longest goes first. */
const KEPT_VIEWS = 32
const PART = 2_000

type Folding = { view: ExecutionView; reading: Promise<ExecutionView> | null }

/**
 * The view of an execution by the same fold the browser uses, so the two cannot disagree. It is kept, and only what came
 * since is read. Throws DomainError('not_found').
 */
export async function readSnapshot(executionId: string): Promise<{ view: ExecutionView; seq: number }> {
  const folding = foldingOf(executionId)
  try {
    folding.reading ??= foldOn(executionId, folding)
    const view = await folding.reading
    return { view, seq: view.seq }
  } catch (error) {
    foldings().delete(executionId)
    throw error
  } finally {
    folding.reading = null
  }
}

const foldings = (): Map<string, Folding> => processWide('snapshots', () => new Map())

function foldingOf(executionId: string): Folding {
  const kept = foldings()
  const folding = kept.get(executionId) ?? { view: emptyView(executionId), reading: null }
  // Set anew, the entry is the youngest of the map, whose first key is then always the oldest.
  kept.delete(executionId)
  kept.set(executionId, folding)
  const oldest = kept.keys().next().value
  if (kept.size > KEPT_VIEWS && oldest !== undefined) kept.delete(oldest)
  return folding
}

async function foldOn(executionId: string, folding: Folding): Promise<ExecutionView> {
  for (;;) {
    const part = await readLogPart(executionId, folding.view.seq, PART)
    if (part === null) throw noSuchExecution(executionId)
    const before = folding.view.seq
    folding.view = applyEvents(folding.view, part.events.map(parseEvent))
    if (folding.view.seq >= part.lastSeq) return folding.view
    if (folding.view.seq === before)
      throw new Error(`The log of execution ${executionId} has a gap after seq ${before}.`)
  }
}

/** Our own row, written through the event's type; checking 100,000 of them again would cost seconds. */
const parseEvent = ({ json }: { json: string }): ExecutionEvent => z.custom<ExecutionEvent>().parse(JSON.parse(json))
