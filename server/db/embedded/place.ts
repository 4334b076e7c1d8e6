import { createHash } from 'node:crypto'
import { access, chmod, chown, cp, mkdir, rename, rm, stat } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { type Account, canEnter } from './account'
import type { Binaries } from './binaries'
import { notWritable } from './cluster-files'
import { noteStandIn, SYSTEM_FOLDER } from './stand-ins'

const PASS_THROUGH = 0o011

export type Place = {
  /** The cluster itself: `dataDir`, or a folder of SYSTEM_FOLDER that belongs to it. */
  clusterDir: string
  native: string
}

/** Folders that the account can use: those given, or stand-ins under /var/lib when they lie where only root can enter. */
export async function choosePlace(options: {
  dataDir: string
  /** Told to the stand-in, so that one whose settings were deleted isn't taken for ours. */
  password: string
  binaries: Binaries
  account: Account
}): Promise<Place> {
  const { dataDir, password, binaries, account } = options
  const clusterDir = (await canBeEntered(account, await madeFolder(dirname(dataDir))))
    ? dataDir
    : join(SYSTEM_FOLDER, createHash('sha256').update(`${dataDir}\n${password}`).digest('hex').slice(0, 12))
  await madeFolder(clusterDir)
  if (clusterDir !== dataDir) await noteStandIn(clusterDir, dataDir)
  if (account.uid !== undefined && account.gid !== undefined) await chown(clusterDir, account.uid, account.gid)
  const native = canEnter(account, binaries.native) ? binaries.native : await copied(binaries)
  return { clusterDir, native }
}

/** Our own folder may be closed (a temporary one is); it is opened for passing through, not for reading. */
async function canBeEntered(account: Account, folder: string): Promise<boolean> {
  if (canEnter(account, folder)) return true
  const { mode } = await stat(folder)
  await chmod(folder, mode | PASS_THROUGH)
  return canEnter(account, folder)
}

async function madeFolder(folder: string): Promise<string> {
  await mkdir(folder, { recursive: true }).catch((error: unknown) => {
    throw notWritable(folder, error)
  })
  return folder
}

/** Copied beside and renamed, so that a half copy is never taken for a whole one. */
async function copied(binaries: Binaries): Promise<string> {
  const target = join(SYSTEM_FOLDER, `postgres-${binaries.version}`)
  if (await isThere(target)) return target
  await madeFolder(SYSTEM_FOLDER)
  const half = `${target}.${process.pid}`
  await cp(binaries.native, half, { recursive: true, verbatimSymlinks: true })
  await rename(half, target).catch(() => rm(half, { recursive: true, force: true }))
  return target
}

const isThere = (path: string): Promise<boolean> =>
  access(path).then(
    () => true,
    () => false,
  )
