import { randomBytes } from 'node:crypto'
import { storageTroubleOf, type StorageTrouble } from '@/domain/storage-trouble'
import { pool } from './pool'

const ROW_CHARACTERS = 1_900
const ROWS_A_KIB = 1_024 / 2_000

/** The SQLSTATE of whatever was thrown: by pg, as the cause of an error of ours, or in the words of Prisma. */
function stateOf(error: unknown): string | null {
  for (let at = error; at instanceof Error; at = at.cause) {
    if ('code' in at && typeof at.code === 'string' && /^[0-9A-Z]{5}$/.test(at.code) && !at.code.startsWith('P'))
      return at.code
    const written = /Code: `([0-9A-Z]{5})`/.exec(at.message)
    if (written?.[1] !== undefined) return written[1]
  }
  return null
}

/** Whether an error says that our database can't save anything now, and why. */
export const storageTroubleIn = (error: unknown): StorageTrouble | null => storageTroubleOf(stateOf(error))

/**
 * Saves something of that size in a new file and takes it back: null when that went well. Existing rows can often be
 * changed long after a disk is full, so nothing less tells. Throws what is not about saving (no connection).
 */
export async function checkStorage(kib: number): Promise<StorageTrouble | null> {
  const client = await pool().connect()
  let broken: Error | undefined
  try {
    await client.query('BEGIN')
    await client.query(
      `CREATE TABLE noetl.room_${randomBytes(6).toString('hex')} AS
       SELECT repeat('x', ${ROW_CHARACTERS}) AS room FROM generate_series(1, ${Math.ceil(kib * ROWS_A_KIB)})`,
    )
    return null
  } catch (error) {
    const trouble = storageTroubleIn(error)
    if (trouble === null) throw error
    // A session that began read-only stays so; the next look takes a new one.
    if (trouble.kind === 'read_only') broken = new Error(trouble.message)
    return trouble
  } finally {
    await client.query('ROLLBACK').catch((error: unknown) => (broken ??= error instanceof Error ? error : undefined))
    client.release(broken)
  }
}
