import { spawn } from 'node:child_process'
import { readFile, rm, writeFile } from 'node:fs/promises'
import { DomainError } from '@/domain/domain-error'
import { isAlive, startOf } from './processes'

/**
 * Stops a database nobody owns any more: a supervisor killed -9 can't stop it, and one started within the minute
 * adopts it. A shell, because it costs a megabyte where Node costs forty.
 */
const WATCH = `
idle=0
while read -r server < "$1/postmaster.pid"; do
  owner=; read -r owner rest < "$2"
  if [ -n "$owner" ] && kill -0 "$owner"; then idle=0; else idle=$((idle + 5)); fi
  if [ "$idle" -ge "$3" ]; then kill -INT "$server"; exit; fi
  sleep 5
done`

const ORPHAN_SECONDS = 60

/** Writes this process down as the one that answers for the database. Throws DomainError('conflict') while another one lives. */
export async function takeOwnership(dataDir: string): Promise<void> {
  const file = ownerFile(dataDir)
  const [pid, start] = (await readFile(file, 'utf8').catch(() => '')).trim().split(' ')
  const other = Number(pid)
  if (other > 0 && other !== process.pid && isAlive(other) && (await startOf(other)) === (start ?? '')) {
    throw new DomainError('conflict', `Pageturner already runs on ${dataDir}, as process ${other}.`, {
      hint: 'Use the one that runs, stop it first, or name another folder in PAGETURNER_DATA_DIR.',
    })
  }
  await writeFile(file, `${process.pid} ${await startOf(process.pid)}\n`)
}

export async function giveUpOwnership(dataDir: string): Promise<void> {
  await rm(ownerFile(dataDir), { force: true })
}

/** Leaves the watch behind, out of reach of the terminal's Ctrl-C. It ends with the database. */
export function watchForOrphan(options: { dataDir: string; clusterDir: string }): void {
  if (process.platform === 'win32') return
  const args = ['-c', WATCH, 'pageturner-watch', options.clusterDir, ownerFile(options.dataDir), String(ORPHAN_SECONDS)]
  const child = spawn('/bin/sh', args, { detached: true, stdio: 'ignore', cwd: '/' })
  child.on('error', () => undefined)
  child.unref()
}

const ownerFile = (dataDir: string): string => `${dataDir}.owner`
