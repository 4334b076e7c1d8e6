import { linkSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import path from 'node:path'

/** @typedef {{ pid: number, startTime: string | null, url?: string | undefined }} Holder */

/**
 * Takes a lock file for this process, or tells which living process holds it. A lock whose process is gone is taken over.
 * @param {string} file
 * @param {{ url?: string }} [facts] what others may want to know of the holder
 * @returns {{ holder: Holder, release: null } | { holder: null, release: () => void }}
 */
export function takeLock(file, facts = {}) {
  mkdirSync(path.dirname(file), { recursive: true })
  const mine = { pid: process.pid, startTime: startTimeOf(process.pid), ...facts }
  const draft = `${file}.${process.pid}`
  writeFileSync(draft, JSON.stringify(mine))
  try {
    for (;;) {
      // A hard link appears with its content or not at all, so no one ever reads half a lock.
      if (tryLink(draft, file)) return { holder: null, release: () => releaseLock(file) }
      const holder = readHolder(file)
      if (holder !== null) return { holder, release: null }
      rmSync(file, { force: true })
    }
  } finally {
    rmSync(draft, { force: true })
  }
}

/**
 * The living process that holds the lock, or null.
 * @param {string} file
 * @returns {Holder | null}
 */
export function readHolder(file) {
  const holder = parseHolder(file)
  return holder !== null && isAlive(holder) ? holder : null
}

/** @param {string} file */
function releaseLock(file) {
  if (parseHolder(file)?.pid === process.pid) rmSync(file, { force: true })
}

/**
 * @param {string} draft
 * @param {string} file
 */
function tryLink(draft, file) {
  try {
    linkSync(draft, file)
    return true
  } catch (error) {
    if (error.code === 'EEXIST') return false
    throw error
  }
}

/**
 * @param {string} file
 * @returns {Holder | null}
 */
function parseHolder(file) {
  try {
    const holder = JSON.parse(readFileSync(file, 'utf8'))
    return Number.isInteger(holder.pid) ? holder : null
  } catch {
    // Gone or unreadable: nobody holds it.
    return null
  }
}

/** @param {Holder} holder */
function isAlive({ pid, startTime }) {
  try {
    process.kill(pid, 0)
  } catch (error) {
    if (error.code !== 'EPERM') return false
  }
  // The same pid may be another process by now.
  return startTime === null || startTime === startTimeOf(pid)
}

/**
 * When the process started, in clock ticks since boot, where the system tells (Linux).
 * @param {number} pid
 * @returns {string | null}
 */
function startTimeOf(pid) {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
    const [state, ...facts] = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
    // A zombie has ended; only its parent has not looked yet.
    return state === 'Z' ? 'ended' : (facts[18] ?? null)
  } catch {
    return null
  }
}
