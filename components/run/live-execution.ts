import { z } from 'zod'
import { snapshotAnswerSchema } from '@/domain/api/executions'
import type { Problem } from '@/domain/api/problem'
import { EVENT_TYPES, executionEventSchema, type ExecutionEvent } from '@/domain/execution/events'
import { isSettled, type ExecutionView } from '@/domain/execution/view'
import { applyEvents } from '@/domain/execution/view-fold'
import { problemOf } from '@/components/api/problem-of'
import { requestJson } from '@/components/api/request-json'

export type Connection =
  | { state: 'connecting' }
  | { state: 'live' }
  | { state: 'catching_up'; behind: number }
  | { state: 'reconnecting'; since: number }
  | { state: 'ended' }

export type LiveExecution = {
  view: ExecutionView | null
  connection: Connection
  problem: Problem | null
  /** The seq of the snapshot; events up to it are read from the log, later ones are in `recent`. */
  snapshotSeq: number
  /** What came over the stream, oldest first. */
  recent: readonly ExecutionEvent[]
  /** How far the server's clock is ahead of this browser's. */
  clockOffsetMs: number
}

const MOST_RECENT = 20_000
const MANY_BEHIND = 200
const RETRY_MS = 2000

export type LiveExecutionStore = {
  subscribe: (listener: () => void) => () => void
  read: () => LiveExecution
  /** Begins to follow; the answer stops it. */
  follow: () => () => void
  /** The log of an ended execution grows again (a retry): goes on after the last event seen. */
  goOn: () => void
}

/** Follows one execution: a snapshot, then the events after it, folded once per painted frame. */
export function createLiveExecution(id: string): LiveExecutionStore {
  let current: LiveExecution = START
  let source: EventSource | null = null
  let queue: ExecutionEvent[] = []
  let frame: (() => void) | null = null
  let retry: ReturnType<typeof setTimeout> | undefined
  let abort = new AbortController()
  const listeners = new Set<() => void>()

  const change = (part: Partial<LiveExecution>) => {
    current = { ...current, ...part }
    for (const listener of listeners) listener()
  }

  async function start() {
    stop()
    abort = new AbortController()
    const { signal } = abort
    try {
      const answer = await requestJson(`/api/executions/${id}/snapshot`, snapshotSchema, { signal })
      change({ view: answer.view, snapshotSeq: answer.view.seq, recent: [], problem: null })
      if (isSettled(answer.view.status)) return change({ connection: { state: 'ended' } })
      open(answer.view.seq)
    } catch (error) {
      if (signal.aborted) return
      const problem = problemOf(error)
      change({ problem, connection: disconnected(current.connection) })
      if (problem.status === 0 || problem.status >= 500) retry = setTimeout(() => void start(), RETRY_MS)
    }
  }

  function open(after: number) {
    const stream = new EventSource(`/api/executions/${id}/stream?after=${after}`)
    source = stream
    stream.addEventListener('open', () => change({ connection: { state: 'live' } }))
    stream.addEventListener('error', () => {
      change({ connection: disconnected(current.connection) })
      if (stream.readyState === EventSource.CLOSED) retry = setTimeout(() => void start(), RETRY_MS)
    })
    stream.addEventListener('end', () => {
      flush()
      stop()
      change({ connection: { state: 'ended' } })
    })
    for (const type of EVENT_TYPES) stream.addEventListener(type, receive)
  }

  function receive(message: MessageEvent<string>) {
    queue.push(executionEventSchema.parse(JSON.parse(message.data)))
    frame ??= onNextFrame(flush)
  }

  function flush() {
    frame?.()
    frame = null
    const events = queue
    queue = []
    const last = events.at(-1)
    if (last === undefined || current.view === null) return
    const view = applyEvents(current.view, events)
    if (view.seq < last.seq) return void start()
    change({
      view,
      recent: [...current.recent, ...events.filter((event) => event.seq > (current.view?.seq ?? 0))].slice(
        -MOST_RECENT,
      ),
      clockOffsetMs: Date.parse(last.created_at) - Date.now(),
      connection: events.length > MANY_BEHIND ? { state: 'catching_up', behind: events.length } : { state: 'live' },
    })
  }

  function stop() {
    abort.abort()
    clearTimeout(retry)
    frame?.()
    frame = null
    queue = []
    source?.close()
    source = null
  }

  return {
    read: () => current,
    subscribe: (listener) => {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    follow: () => {
      void start()
      return stop
    },
    goOn: () => {
      if (current.view === null) return
      stop()
      abort = new AbortController()
      change({ connection: { state: 'connecting' } })
      open(current.view.seq)
    },
  }
}

const START: LiveExecution = {
  view: null,
  connection: { state: 'connecting' },
  problem: null,
  snapshotSeq: 0,
  recent: [],
  clockOffsetMs: 0,
}

/** The server folds the view with the same code, so its shape is that of `ExecutionView`. */
const snapshotSchema = snapshotAnswerSchema.extend({
  view: z.custom<ExecutionView>((value) => typeof value === 'object' && value !== null && 'seq' in value),
})

const disconnected = (connection: Connection): Connection =>
  connection.state === 'reconnecting' ? connection : { state: 'reconnecting', since: Date.now() }

/** Calls back before the next paint; a hidden tab paints nothing, so there a second later. Returns how to cancel. */
function onNextFrame(callback: () => void): () => void {
  if (document.hidden) {
    const timer = setTimeout(callback, 1000)
    return () => clearTimeout(timer)
  }
  const handle = requestAnimationFrame(callback)
  return () => cancelAnimationFrame(handle)
}
