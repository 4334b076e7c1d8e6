import { spawn } from 'node:child_process'
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, expect, test } from 'vitest'

import { readHolder, takeLock } from './lock.mjs'

const folder = mkdtempSync(path.join(tmpdir(), 'pageturner-lock-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

test('tells a second taker who holds it and what is known of the holder', () => {
  const file = path.join(folder, 'held')
  const first = takeLock(file, { url: 'http://localhost:8420' })
  expect(first.holder).toBeNull()
  const second = takeLock(file)
  expect(second.holder).toMatchObject({ pid: process.pid, url: 'http://localhost:8420' })
  first.release?.()
  expect(readHolder(file)).toBeNull()
  expect(readdirSync(folder)).toEqual([])
})

test('takes over the lock of a process that is gone', async () => {
  const file = path.join(folder, 'stale')
  const child = spawn('true')
  await new Promise((resolve) => child.once('exit', resolve))
  writeFileSync(file, JSON.stringify({ pid: child.pid, startTime: '1' }))
  expect(takeLock(file).holder).toBeNull()
})

test('takes over the lock of a process whose number another one has by now', () => {
  const file = path.join(folder, 'reused')
  writeFileSync(file, JSON.stringify({ pid: process.pid, startTime: 'long ago' }))
  expect(takeLock(file).holder).toBeNull()
})

test('takes over a lock that cannot be read', () => {
  const file = path.join(folder, 'garbled')
  writeFileSync(file, '{"pid"')
  expect(takeLock(file).holder).toBeNull()
})
