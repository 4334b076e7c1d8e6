import type { StorageTrouble } from '@/domain/storage-trouble'
import { checkStorage, storageTroubleIn } from '../db/check-storage'
import { pool } from '../db/pool'
import { log } from '../log'

const CHECK_MS = 2_000
/** As much as some pages: it should not shut again at once. */
const ROOM_KIB = 256

export type StorageGate = {
  /** Closes the gate when the error says that nothing can be saved. */
  notice(error: unknown): void
  /** Why no work is taken now, or null while the gate is open. */
  trouble(): StorageTrouble | null
  stop(): void
}

/**
 * Shut while the database can save nothing: a worker that went on would ask the APIs for pages it then throws away, again
 * and again. It opens by itself as soon as something can be saved.
 */
export function createStorageGate(workerId: string): StorageGate {
  let trouble: StorageTrouble | null = null
  let timer: NodeJS.Timeout | undefined
  let stopped = false

  const look = async (): Promise<void> => {
    try {
      const now = await checkStorage(ROOM_KIB)
      if (now === null) await forgetIdleStarts(workerId)
      trouble = now
    } catch (error) {
      log().debug({ err: error }, 'the database does not answer; it is asked again')
    }
    if (trouble !== null) return later()
    log().info('the database saves again; the runs go on')
  }
  const later = (): void => {
    if (!stopped) timer = setTimeout(() => void look(), CHECK_MS)
  }

  return {
    notice(error) {
      const found = storageTroubleIn(error)
      if (found === null || trouble !== null) return
      trouble = found
      log().error({ kind: found.kind, hint: found.hint }, found.message)
      later()
    },
    trouble: () => trouble,
    stop() {
      stopped = true
      clearTimeout(timer)
    },
  }
}

/** Starts that ended because nothing could be saved are no crashes (P11). */
async function forgetIdleStarts(workerId: string): Promise<void> {
  await pool().query(`UPDATE noetl.iteration SET idle_starts = 0 WHERE worker_id = $1 AND status = 'RUNNING'`, [
    workerId,
  ])
}
