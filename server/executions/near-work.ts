import type { JobPayload } from '../queue/jobs'

type Taker = (work: JobPayload<'element'>) => boolean

let taker: Taker | null = null

/** Lets this process take iterations itself the moment they are handed out. Gives back how to stop that. */
export function takeNear(take: Taker): () => void {
  taker = take
  return () => {
    if (taker === take) taker = null
  }
}

/** True when this process has taken the iteration: it needs no ticket. One that is lost again the sweeper finds. */
export const isTakenNear = (work: JobPayload<'element'>): boolean => taker?.(work) ?? false
