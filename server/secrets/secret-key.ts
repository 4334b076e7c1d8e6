import { createHash, hkdfSync, randomBytes } from 'node:crypto'
import { linkSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { DomainError } from '@/domain/domain-error'
import { env } from '../env'

export type SecretKey = {
  /** Names the key in what was encrypted with it; tells nothing about it. */
  id: string
  bytes: Buffer
}

let read: { texts: string; keys: readonly [SecretKey, ...SecretKey[]] } | undefined

/**
 * The key to write with, and after it the one before, which is still read with (PAGETURNER_SECRET_KEY_OLD). In local mode
 * the key is a 0600 file made at the first start. Throws a DomainError where neither may be.
 */
export function secretKeys(): readonly [SecretKey, ...SecretKey[]] {
  const present = env.PAGETURNER_SECRET_KEY ?? keyOfFile()
  const texts = [present, env.PAGETURNER_SECRET_KEY_OLD ?? '']
  if (read?.texts === texts.join('\n')) return read.keys
  const [current, previous] = texts.map((text) => (text === '' ? [] : [deriveKey(text)]))
  const keys = [...(current ?? []), ...(previous ?? [])]
  const [first, ...rest] = keys
  if (first === undefined) throw new Error('A secret key is never empty.')
  read = { texts: texts.join('\n'), keys: [first, ...rest] }
  return read.keys
}

/** A password only this key's holders know, for something with this name. */
export function derivePassword(name: string): string {
  return Buffer.from(hkdfSync('sha256', secretKeys()[0].bytes, '', `pageturner password ${name}`, 24)).toString(
    'base64url',
  )
}

function deriveKey(text: string): SecretKey {
  const bytes = Buffer.from(hkdfSync('sha256', text, 'pageturner', 'secret store', 32))
  return { id: createHash('sha256').update(bytes).digest('hex').slice(0, 12), bytes }
}

function keyOfFile(): string {
  if (env.NOETL_ENV === 'kubernetes') {
    throw new DomainError(
      'unavailable',
      'PAGETURNER_SECRET_KEY is not set, and in a cluster each process would make its own.',
      {
        hint: 'Set PAGETURNER_SECRET_KEY to the same random text in every process: openssl rand -base64 32.',
      },
    )
  }
  const file = join(env.PAGETURNER_DATA_DIR, 'secret.key')
  try {
    return readKey(file) ?? makeKey(file)
  } catch (cause) {
    throw new DomainError('unavailable', `The secret key in ${file} can't be read or made.`, {
      cause,
      hint: `Give yourself the right to read and write ${file}, or set PAGETURNER_SECRET_KEY.`,
    })
  }
}

function readKey(file: string): string | null {
  try {
    return readFileSync(file, 'utf8').trim()
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return null
    throw error
  }
}

/** Written whole and then linked to its name, so that of two processes at their first start both take the same key. */
function makeKey(file: string): string {
  mkdirSync(env.PAGETURNER_DATA_DIR, { recursive: true })
  const draft = `${file}.${process.pid}`
  writeFileSync(draft, `${randomBytes(32).toString('base64')}\n`, { mode: 0o600 })
  try {
    linkSync(draft, file)
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error
  } finally {
    rmSync(draft, { force: true })
  }
  return readFileSync(file, 'utf8').trim()
}
