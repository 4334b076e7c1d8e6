import { execFileSync, fork, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { closeSync, existsSync, mkdtempSync, openSync, readFileSync, rmSync, statfsSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, it } from 'vitest'
import { canMount } from './db/testing/can-mount'

const LOGGING = fileURLToPath(new URL('testing/log-lines.ts', import.meta.url))

/** A process whose standard output and error lie in that file, as the supervisor starts its own. */
async function start(file: string): Promise<ChildProcess> {
  const output = openSync(file, 'a')
  const child = fork(LOGGING, [], { execArgv: ['--import', 'tsx'], stdio: ['ignore', output, output, 'ipc'] })
  closeSync(output)
  await once(child, 'message')
  return child
}

async function say(child: ChildProcess, text: string): Promise<void> {
  const over = new AbortController()
  const heard = (event: string): Promise<unknown[]> => once(child, event, { signal: over.signal })
  child.send(text)
  expect(await Promise.race([heard('message'), heard('exit')])).toEqual([text, undefined])
  over.abort()
}

async function end(child: ChildProcess): Promise<unknown> {
  child.disconnect()
  return (await once(child, 'exit'))[0]
}

it.skipIf(!existsSync('/dev/full'))('outlives a log that takes nothing, and ends when it is to end', async () => {
  const child = await start('/dev/full')
  for (const text of ['one', 'two', 'three']) await say(child, text)
  expect(await end(child)).toBe(0)
})

it('outlives a reader that went away', async () => {
  const child = fork(LOGGING, [], { execArgv: ['--import', 'tsx'], stdio: ['ignore', 'pipe', 'pipe', 'ipc'] })
  await once(child, 'message')
  child.stdout?.destroy()
  child.stderr?.destroy()
  for (const text of ['one', 'two', 'three']) await say(child, text)
  expect(await end(child)).toBe(0)
})

it('keeps little for a reader that is slow, and tells it what it missed', async () => {
  const child = fork(LOGGING, [], { execArgv: ['--import', 'tsx'], stdio: ['ignore', 'pipe', 'ignore', 'ipc'] })
  await once(child, 'message')
  const texts = Array.from({ length: 30 }, (_, n) => `${n} ${'x'.repeat(100_000)}`)
  for (const text of texts) await say(child, text)
  let read = ''
  child.stdout?.on('data', (chunk: Buffer) => (read += chunk.toString()))
  await expect.poll(() => read, { timeout: 30_000 }).toContain('nobody read it in time')
  const hasAll = child.stdout === null ? null : once(child.stdout, 'close')
  await end(child)
  await hasAll
  const told = read
    .trimEnd()
    .split('\n')
    .map((line): string => JSON.parse(line).msg)
  const lost = Number(/^(\d+) lines of this log/.exec(told.at(-1) ?? '')?.[1])
  expect(told.slice(0, -1)).toEqual(texts.slice(0, told.length - 1))
  expect(lost).toBe(texts.length - (told.length - 1))
  expect(lost).toBeGreaterThan(15)
})

it.skipIf(!canMount())(
  'says how many lines a full disk lost, once there is room, in lines that are whole',
  async () => {
    const folder = mkdtempSync(join(tmpdir(), 'pageturner-log-'))
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=64k', 'tmpfs', folder])
    try {
      const file = join(folder, 'worker.log')
      const filler = join(folder, 'filler')
      const child = await start(file)
      await say(child, 'before')
      const { bavail, bsize } = statfsSync(folder)
      writeFileSync(filler, Buffer.alloc(bavail * bsize))
      // The first of them still gets the rest of the block that is there, and is cut off.
      await say(child, `long ${'x'.repeat(2 * bsize)}`)
      await say(child, 'while it is full')
      rmSync(filler)
      await expect.poll(() => readFileSync(file, 'utf8'), { timeout: 30_000 }).toContain('could not be written')
      await say(child, 'after')
      expect(await end(child)).toBe(0)
      const lines = readFileSync(file, 'utf8').split('\n')
      const told = lines.filter((line) => /^\{.*\}$/.test(line)).map((line) => JSON.parse(line).msg)
      expect(told).toEqual([
        'before',
        expect.stringMatching(/^2 lines of this log could not be written .*ENOSPC/),
        'after',
      ])
      expect(lines.filter((line) => line.startsWith('{') && !line.endsWith('}'))).toHaveLength(1)
    } finally {
      execFileSync('umount', [folder])
      rmSync(folder, { recursive: true, force: true })
    }
  },
)
