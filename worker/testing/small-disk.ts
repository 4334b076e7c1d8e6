import { execFileSync } from 'node:child_process'
import { chownSync, mkdtempSync, rmSync, statfsSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { databaseAccount } from '@/server/db/embedded/account'

export type SmallDisk = { folder: string; fill(): void; free(): void; unmount(): void }

const SPARE_BYTES = 1024 * 1024

/** A disk of its own, in memory, on which the database's server may put a tablespace. Only where `canMount()`. */
export async function mountSmallDisk(size: string): Promise<SmallDisk> {
  const folder = mkdtempSync(join(tmpdir(), 'pageturner-disk-'))
  execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${size}`, 'tmpfs', folder])
  const { uid, gid } = await databaseAccount()
  if (uid !== undefined && gid !== undefined) chownSync(folder, uid, gid)
  const filler = join(folder, 'filler')
  return {
    folder,
    fill() {
      const { bavail, bsize } = statfsSync(folder)
      // The server goes on writing meanwhile: what is free now may not be all, nor still be free when it is written.
      try {
        writeFileSync(filler, Buffer.alloc(bavail * bsize + SPARE_BYTES))
      } catch (error) {
        if (!(error instanceof Error && 'code' in error && error.code === 'ENOSPC')) throw error
      }
    },
    free: () => rmSync(filler, { force: true }),
    unmount() {
      execFileSync('umount', [folder])
      rmSync(folder, { recursive: true, force: true })
    },
  }
}
