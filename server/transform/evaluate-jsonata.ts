import { createRequire } from 'node:module'
import { availableParallelism } from 'node:os'
import { Worker } from 'node:worker_threads'
import { DomainError } from '@/domain/domain-error'
import { stringifyWithDigits } from '@/domain/json-precise'
import { processWide, takeProcessWide } from '../db/process-wide'
import { restoreIntegers } from './restore-integers'

const TIME_LIMIT_MS = 5_000
/** A regular expression without end hears of no time limit inside the thread. */
const GRACE_MS = 1_000
const MEMORY_LIMIT_MB = 256
const STACK_LIMIT = 1_000
const MAX_RESULT_CHARACTERS = 16 * 1024 * 1024

const TOO_LARGE = {
  error: `the result is larger than ${MAX_RESULT_CHARACTERS / 1024 / 1024} MiB`,
  hint: 'Choose fewer fields or rows in the expression, or give it less at once by a loop.',
}
const CALLED = 'Call it with what it is to work on: $sum(prices), not $sum; and $match(text, /a/), not /a/.'
const WITHOUT_INFINITY = 'Look before dividing: b = 0 ? null : a / b.'

/** Only what JSONata itself offers runs in the thread; for it integers beyond 2^53 are their digits, as text. */
const THREAD = `
const { parentPort, workerData } = require('node:worker_threads')
const jsonata = require(workerData.jsonata)
parentPort.on('message', async ({ expression, input, timeout }) => {
  try {
    const result = await jsonata(expression, { timeout, stack: ${STACK_LIMIT} }).evaluate(JSON.parse(input))
    const lost = lostIn(result, '')
    if (lost !== null) return parentPort.postMessage(lost)
    const text = JSON.stringify(result === undefined ? null : result) ?? 'null'
    if (text.length > ${MAX_RESULT_CHARACTERS}) return parentPort.postMessage(${JSON.stringify(TOO_LARGE)})
    parentPort.postMessage({ text })
  } catch (error) {
    parentPort.postMessage({ error: String(error?.message ?? error) })
  }
})
// What JSON.stringify would make null of, leave out, or write as JSONata holds it inside.
function lostIn(value, name) {
  const at = name === '' ? '' : ' in ' + JSON.stringify(name)
  if (typeof value === 'number' && !Number.isFinite(value)) {
    return { error: 'it gives ' + value + at + ', which is no JSON', hint: ${JSON.stringify(WITHOUT_INFINITY)} }
  }
  if (isFunction(value)) return { error: 'it gives a function' + at + ', which is no data', hint: ${JSON.stringify(CALLED)} }
  if (typeof value !== 'object' || value === null) return null
  for (const key in value) {
    const lost = lostIn(value[key], Array.isArray(value) ? name : key)
    if (lost !== null) return lost
  }
  return null
}
function isFunction(value) {
  if (typeof value === 'function') return true
  if (value?._jsonata_function === true) return typeof value.implementation === 'function'
  return value?._jsonata_lambda === true && typeof value.apply === 'function'
}`

type Answer = { text: string } | { error: string; hint?: string }
type Question = { expression: string; input: string; timeout: number }
/** `free`: threads without work; `room`: how many more questions may be asked at once; those after them wait in turn. */
type Pool = { free: Worker[]; open: Set<Worker>; room: number; waiting: (() => void)[] }

const MOST_THREADS = 4

const pool = (): Pool =>
  processWide<Pool>('jsonata', () => ({
    free: [],
    open: new Set(),
    room: Math.min(MOST_THREADS, availableParallelism()),
    waiting: [],
  }))

/**
 * The value of a JSONata expression over `input`, as JSON. It runs in a thread that is its own for that time, which ends
 * with its time or its memory and takes no other work with it. Throws DomainError `template`, also for what is no JSON.
 */
export async function evaluateJsonata(
  expression: string,
  input: unknown,
  timeout: number = TIME_LIMIT_MS,
): Promise<unknown> {
  const threads = pool()
  await takeTurn(threads)
  const answer = await ask(threads, { expression, input: stringifyWithDigits(input) ?? 'null', timeout }).finally(() =>
    giveTurn(threads),
  )
  if ('text' in answer) return asGiven(JSON.parse(answer.text), expression, input)
  throw new DomainError('template', `The transform's expression failed: ${answer.error}.`, {
    ...(answer.hint !== undefined && { hint: answer.hint }),
  })
}

/** Integers beyond 2^53 as they were given; but whoever writes `$string` wants text. */
const asGiven = (result: unknown, expression: string, input: unknown): unknown =>
  expression.includes('$string') ? result : restoreIntegers(result, input)

/** Ends all threads. */
export async function closeTransforms(): Promise<void> {
  const threads = takeProcessWide<Pool>('jsonata')
  await Promise.all([...(threads?.open ?? [])].map(async (thread) => thread.terminate()))
}

async function takeTurn(threads: Pool): Promise<void> {
  if (threads.room === 0) return new Promise((resolve) => threads.waiting.push(resolve))
  threads.room -= 1
}

/** The turn of whoever waits longest, or room for one to come. */
function giveTurn(threads: Pool): void {
  const next = threads.waiting.shift()
  if (next === undefined) threads.room += 1
  else next()
}

/** One question to one thread; a thread that had to be ended is made anew by a later one. */
function ask(threads: Pool, question: Question): Promise<Answer> {
  const thread = threads.free.pop() ?? openThread(threads)
  return new Promise((resolve) => {
    const end = (answer: Answer): void => {
      clearTimeout(timer)
      thread.off('message', give)
      thread.off('error', broken)
      thread.off('exit', ended)
      thread.unref()
      resolve(answer)
    }
    const give = (answer: Answer): void => {
      threads.free.push(thread)
      end(answer)
    }
    const giveUp = (error: string): void => {
      threads.open.delete(thread)
      void thread.terminate()
      end({ error })
    }
    const broken = (error: Error): void =>
      giveUp(/memory/i.test(error.message) ? `it needs more than ${MEMORY_LIMIT_MB} MB` : error.message)
    const ended = (): void => giveUp('its thread ended')
    const timer = setTimeout(
      () => giveUp(`it took longer than ${question.timeout / 1000} s`),
      question.timeout + GRACE_MS,
    )
    thread.on('message', give)
    thread.on('error', broken)
    thread.on('exit', ended)
    thread.ref()
    thread.postMessage(question)
  })
}

function openThread(threads: Pool): Worker {
  const thread = new Worker(THREAD, {
    eval: true,
    env: {},
    workerData: { jsonata: createRequire(import.meta.url).resolve('jsonata') },
    resourceLimits: { maxOldGenerationSizeMb: MEMORY_LIMIT_MB },
  })
  thread.on('error', () => undefined)
  // One may end without work as well, of the memory that its last work left: nobody is to wait for it then.
  thread.on('exit', () => {
    threads.open.delete(thread)
    threads.free = threads.free.filter((each) => each !== thread)
  })
  threads.open.add(thread)
  return thread
}
