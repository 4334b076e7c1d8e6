import { log } from '../log'
import { readLogPart, type LogPart } from '../db/read-event-log'
import { endFrame, eventFrame, joinFrames, type Frame } from './frames'
import type { Outlet } from './outlet'

/** Events read at once. */
const PART = 1_000
/** Frames kept for those who join or come back a moment later. */
const KEPT_FRAMES = 2_000
/** Notifications closer than this are read together. */
const COALESCE_MS = 10

type Viewer = { cursor: number; live: boolean; outlet: Outlet }

export type ExecutionTail = {
  /** Reads what is new, once for all viewers. False when there is no such execution. Throws when the database doesn't answer. */
  refresh(): Promise<boolean>
  /** Something may be new: reads it within 10 ms. */
  wake(): void
  /** Adds a viewer that has seen everything up to `after`. */
  join(after: number, outlet: Outlet): Viewer
  leave(viewer: Viewer): void
  /** Gives a viewer that is behind the next part of what it misses, while it has room. */
  replay(viewer: Viewer): Promise<void>
  heartbeat(): void
  viewers(): number
  close(): void
}

/**
 * The growing end of one execution's log and those who watch it. A viewer replays from the table until it stands where
 * the tail stands and is live from that very moment: both happen without an await between, so nothing is missed or doubled.
 */
export function followExecution(executionId: string): ExecutionTail {
  const viewers = new Set<Viewer>()
  let kept: Frame[] = []
  let cursor: number | null = null
  let ended = false
  let reading: Promise<boolean> | null = null
  let queued: Promise<boolean> | null = null
  let timer: NodeJS.Timeout | undefined

  const refresh = (): Promise<boolean> => {
    if (reading === null) {
      reading = readOn().finally(() => {
        reading = null
      })
      return reading
    }
    // The read under way may have begun before the caller's news was committed, so one more follows it.
    queued ??= reading.then(nextRefresh, nextRefresh)
    return queued
  }
  const nextRefresh = (): Promise<boolean> => {
    queued = null
    return refresh()
  }

  const readOn = async (): Promise<boolean> => {
    for (;;) {
      const part: LogPart | null = await readLogPart(executionId, cursor ?? 0, cursor === null ? 0 : PART)
      if (part === null) return false
      if (cursor === null) {
        cursor = part.lastSeq
        ended = part.ended
        return true
      }
      publish(part)
      if (cursor >= part.lastSeq) return true
    }
  }

  const publish = (part: LogPart): void => {
    const frames = part.events.map(eventFrame)
    const last = frames.at(-1)
    if (last !== undefined) cursor = last.seq
    ended = part.ended && cursor === part.lastSeq
    kept = [...kept, ...frames].slice(-KEPT_FRAMES)
    const bytes = frames.length === 0 ? null : joinFrames(frames)
    for (const viewer of viewers) {
      if (!viewer.live) continue
      if (bytes !== null && last !== undefined) {
        viewer.cursor = last.seq
        viewer.outlet.send(bytes)
      }
      if (ended) finish(viewer)
    }
  }

  const finish = (viewer: Viewer): void => {
    viewer.outlet.send(endFrame(viewer.cursor))
    viewer.outlet.end()
  }

  const missedBy = async (viewer: Viewer, upTo: number): Promise<Frame[]> => {
    const first = kept[0]
    const frames =
      first !== undefined && first.seq <= viewer.cursor + 1
        ? kept.filter((frame) => frame.seq > viewer.cursor).slice(0, PART)
        : ((await readLogPart(executionId, viewer.cursor, PART))?.events ?? []).map(eventFrame)
    return frames.filter((frame) => frame.seq <= upTo)
  }

  return {
    refresh,
    wake() {
      timer ??= setTimeout(() => {
        timer = undefined
        refresh().catch((error: unknown) => log().debug({ err: error, executionId }, 'the stream will read again'))
      }, COALESCE_MS)
    },
    join(after, outlet) {
      // Nobody can have seen more than there is; such a number comes from another database.
      const viewer = { cursor: Math.min(after, cursor ?? 0), live: false, outlet }
      viewers.add(viewer)
      return viewer
    },
    leave: (viewer) => void viewers.delete(viewer),
    async replay(viewer) {
      while (!viewer.live && viewers.has(viewer) && viewer.outlet.hasRoom()) {
        const standing = cursor ?? 0
        if (viewer.cursor >= standing) {
          viewer.live = true
          if (ended) finish(viewer)
          return
        }
        const frames = await missedBy(viewer, standing)
        const last = frames.at(-1)
        if (last === undefined)
          throw new Error(`Events ${viewer.cursor + 1} to ${standing} of execution ${executionId} are gone.`)
        viewer.cursor = last.seq
        if (viewers.has(viewer)) viewer.outlet.send(joinFrames(frames))
      }
    },
    heartbeat: () => viewers.forEach((viewer) => viewer.outlet.heartbeat()),
    viewers: () => viewers.size,
    close() {
      clearTimeout(timer)
      viewers.forEach((viewer) => viewer.outlet.end())
    },
  }
}
