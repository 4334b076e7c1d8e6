import { randomBytes } from 'node:crypto'
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { z } from 'zod'
import { DomainError } from '@/domain/domain-error'
import { freePort } from '../../free-port'

const settingsSchema = z.object({ port: z.number().int(), password: z.string() })
export type ClusterSettings = z.infer<typeof settingsSchema>

/** What must outlive a start, beside the data folder: `postgres.json` (0600). Made with a free port and a random password. */
export async function readSettings(dataDir: string): Promise<ClusterSettings> {
  const text = await readFile(`${dataDir}.json`, 'utf8').catch(() => null)
  if (text !== null) return settingsSchema.parse(JSON.parse(text))
  return saveSettings(dataDir, { port: await freePort(), password: randomBytes(24).toString('hex') })
}

/** Written to a second file and renamed, so that a kill in between leaves the old one whole. */
export async function saveSettings(dataDir: string, settings: ClusterSettings): Promise<ClusterSettings> {
  const file = `${dataDir}.json`
  try {
    await mkdir(dirname(file), { recursive: true })
    await writeFile(`${file}.new`, `${JSON.stringify(settings)}\n`, { mode: 0o600 })
    await rename(`${file}.new`, file)
    return settings
  } catch (cause) {
    throw notWritable(dirname(file), cause)
  }
}

export const notWritable = (folder: string, cause: unknown): DomainError =>
  new DomainError('unavailable', `Pageturner can't write to ${folder}, where its database is kept.`, {
    cause,
    hint: `Give yourself the right (chown -R "$(id -un)" ${folder}), name another folder in PAGETURNER_DATA_DIR, or set DATABASE_URL.`,
  })

/** The major version that wrote the folder, or null when there is no database in it yet. */
export async function readMajorVersion(dataDir: string): Promise<number | null> {
  const text = await readFile(join(dataDir, 'PG_VERSION'), 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT' || error.code === 'ENOTDIR') return null
    throw notWritable(dataDir, error)
  })
  return text === null ? null : Number.parseInt(text, 10)
}

export type Postmaster = { pid: number; port: number; ready: boolean }

/** `postmaster.pid` as PostgreSQL documents it: pid, folder, start time, port, socket folder, address, shared memory, status. */
export async function readPostmaster(dataDir: string): Promise<Postmaster | null> {
  const text = await readFile(join(dataDir, 'postmaster.pid'), 'utf8').catch(() => null)
  if (text === null) return null
  const lines = text.split('\n')
  return { pid: Number(lines[0]), port: Number(lines[3]), ready: lines[7]?.trim() === 'ready' }
}
