import { readdir, readFile, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { readPostmaster } from './cluster-files'
import { isAlive } from './processes'

/** Where root's databases go when the account they run as can't enter the clone. */
export const SYSTEM_FOLDER = '/var/lib/pageturner'

export type StandIn = {
  folder: string
  /** The data folder it stands in for, as far as it was noted. */
  of: string | null
  bytes: number
  running: boolean
  /** That data folder has no settings any more: nobody can start this database again. */
  orphaned: boolean
}

const noteOf = (folder: string): string => `${folder}.of`

/** Notes beside a stand-in whose database it is. */
export const noteStandIn = async (folder: string, dataDir: string): Promise<void> =>
  writeFile(noteOf(folder), `${dataDir}\n`)

/** The databases under `parent`, with their size; [] where there is no such folder or it may not be read. */
export async function listStandIns(parent = SYSTEM_FOLDER): Promise<StandIn[]> {
  const names = await readdir(parent).catch(() => [])
  return Promise.all(names.filter((name) => /^[0-9a-f]{12}$/.test(name)).map(async (name) => read(join(parent, name))))
}

async function read(folder: string): Promise<StandIn> {
  const of = (await readFile(noteOf(folder), 'utf8').catch(() => '')).trim()
  const postmaster = await readPostmaster(folder)
  const running = postmaster !== null && isAlive(postmaster.pid)
  const settings = await stat(`${of}.json`).catch(() => null)
  return {
    folder,
    of: of === '' ? null : of,
    bytes: await sizeOf(folder),
    running,
    orphaned: of !== '' && settings === null && !running,
  }
}

async function sizeOf(folder: string): Promise<number> {
  const entries = await readdir(folder, { withFileTypes: true, recursive: true }).catch(() => [])
  const files = entries.filter((entry) => entry.isFile())
  const sizes = await Promise.all(
    files.map(async (file) => (await stat(join(file.parentPath, file.name)).catch(() => null))?.size ?? 0),
  )
  return sizes.reduce((sum, size) => sum + size, 0)
}
