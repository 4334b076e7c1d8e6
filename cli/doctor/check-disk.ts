import { existsSync } from 'node:fs'
import { statfs } from 'node:fs/promises'
import path from 'node:path'

import type { Finding } from './finding'

const ENOUGH_BYTES = 1024 ** 3
const GIB = 1024 ** 3

/** The room on the disk where a folder lies, or will lie. */
export async function checkDisk(folder: string): Promise<Finding> {
  const { bavail, bsize } = await statfs(existing(folder))
  const free = bavail * bsize
  const detail = `${(free / GIB).toFixed(1)} GiB free for ${folder}`
  if (free > ENOUGH_BYTES) return { what: 'disk', state: 'ok', detail }
  const remedy =
    'Free some space, keep fewer runs (npx pageturner retention PATH --days N), or move PAGETURNER_DATA_DIR to another disk. While the disk is full, runs wait and go on by themselves.'
  return { what: 'disk', state: 'bad', detail: `only ${detail}`, remedy }
}

const existing = (folder: string): string => (existsSync(folder) ? folder : existing(path.dirname(folder)))
