import { write, writeSync } from 'node:fs'

/** Characters that wait for a slow reader; beyond them lines are lost rather than kept in memory. */
const MOST_WAITING = 1024 * 1024
/** After a failure, for a process that has nothing more to say by itself. */
const AGAIN_MS = 2_000
/** A pipe that is full: its reader is only slow. */
const SLOW_CODES: ReadonlySet<string> = new Set(['EAGAIN', 'EBUSY'])
const SLOW_MS = 100

/** `worth`: how many lines are lost with it; a notice stands for all those it tells of. */
type Line = { text: string; worth: number }

export type PatientOutput = { write(line: string): void }

/**
 * Writes lines to a file descriptor, in order, and outlives whatever happens to it (a full disk, a reader that went away):
 * what can't be written is lost and counted. Once lines can be written again, the one that `tellLoss` makes comes first.
 */
export function createPatientOutput(fd: number, tellLoss: (lines: number, because: string) => string): PatientOutput {
  let waiting: Line[] = []
  let characters = 0
  let isWriting = false
  let lost = { lines: 0, because: '' }
  /** A line was cut off in its middle: the next one begins on a new line. */
  let isTorn = false
  let again: NodeJS.Timeout | undefined

  const add = (line: Line): void => {
    waiting.push(line)
    characters += line.text.length
  }
  const lose = (lines: readonly Line[], because: string): void => {
    lost = { lines: lines.reduce((sum, { worth }) => sum + worth, lost.lines), because }
  }
  const addNotice = (): void => {
    if (lost.lines === 0) return
    add({ text: tellLoss(lost.lines, lost.because), worth: lost.lines })
    lost = { lines: 0, because: '' }
  }
  const takeAll = (): Line[] => {
    const lines = waiting
    waiting = []
    characters = 0
    return lines
  }
  const bytesOf = (lines: readonly Line[]): Buffer =>
    Buffer.from(`${isTorn ? '\n' : ''}${lines.map(({ text }) => text).join('')}`)

  const flush = (): void => {
    if (isWriting || waiting.length === 0) return
    isWriting = true
    const lines = takeAll()
    const bytes = bytesOf(lines)
    const send = (from: number): void =>
      write(fd, bytes, from, bytes.length - from, null, (error, count) => {
        if (error !== null && SLOW_CODES.has(error.code ?? '')) return void setTimeout(send, SLOW_MS, from)
        if (error === null && from + count < bytes.length) return send(from + count)
        isWriting = false
        if (error === null) written()
        else failed(lines, bytes.subarray(0, from), error)
      })
    send(0)
  }
  const written = (): void => {
    isTorn = false
    addNotice()
    flush()
  }
  const failed = (lines: readonly Line[], before: Buffer, error: Error): void => {
    lose([...lines.slice(wholeLines(before, isTorn)), ...takeAll()], error.message)
    if (before.length > 0) isTorn = before.at(-1) !== NEWLINE
    clearTimeout(again)
    again = setTimeout(tryAgain, AGAIN_MS).unref()
  }
  const tryAgain = (): void => {
    if (!isWriting) addNotice()
    flush()
  }
  process.on('exit', () => {
    addNotice()
    try {
      if (waiting.length > 0) writeSync(fd, bytesOf(waiting))
    } catch {
      // Nobody is left who could be told.
    }
  })

  return {
    write(text) {
      if (characters + text.length > MOST_WAITING) return lose([{ text, worth: 1 }], 'nobody read it in time')
      if (!isWriting) addNotice()
      add({ text, worth: 1 })
      flush()
    },
  }
}

const NEWLINE = 10

const wholeLines = (bytes: Buffer, beginsTorn: boolean): number => {
  const ends = bytes.reduce((sum, byte) => sum + (byte === NEWLINE ? 1 : 0), 0)
  return beginsTorn && ends > 0 ? ends - 1 : ends
}
