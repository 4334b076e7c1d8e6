import { execFile, spawnSync } from 'node:child_process'
import { readFile } from 'node:fs/promises'
import { promisify } from 'node:util'
import { DomainError } from '@/domain/domain-error'

const run = promisify(execFile)
const NAME = 'postgres'

/** Whom the database runs as: root's `postgres` account, because PostgreSQL refuses to run as root; else ourselves ({}). */
export type Account = { uid?: number; gid?: number }

/** As root: the account `postgres`, made when missing. Throws a DomainError when it can't be made. */
export async function databaseAccount(): Promise<Account> {
  if (process.getuid?.() !== 0) return {}
  const found = (await lookUp()) ?? (await create())
  if (found !== null) return found
  throw new DomainError(
    'unavailable',
    `PostgreSQL doesn't run as root, and the account "${NAME}" could not be made for it.`,
    {
      hint: `Make it (useradd --system ${NAME}), start as an ordinary user, or set DATABASE_URL.`,
    },
  )
}

async function lookUp(): Promise<Account | null> {
  const passwd = await readFile('/etc/passwd', 'utf8').catch(() => '')
  const [, , uid, gid] = passwd.match(new RegExp(`^${NAME}:.*$`, 'm'))?.[0].split(':') ?? []
  return uid === undefined || gid === undefined ? null : { uid: Number(uid), gid: Number(gid) }
}

async function create(): Promise<Account | null> {
  const attempts: [string, string[]][] = [
    ['useradd', ['--system', '--user-group', '--no-create-home', '--shell', '/usr/sbin/nologin', NAME]],
    ['adduser', ['-S', '-D', '-H', NAME]],
  ]
  for (const [command, args] of attempts) {
    await run(command, args).catch(() => undefined)
    const made = await lookUp()
    if (made !== null) return made
  }
  return null
}

/** Whether the account can enter this folder: a clone under /root is closed to every account but root. */
export function canEnter(account: Account, folder: string): boolean {
  if (account.uid === undefined) return true
  return spawnSync('/bin/sh', ['-c', 'cd "$1"', 'sh', folder], { ...account, cwd: '/', stdio: 'ignore' }).status === 0
}
