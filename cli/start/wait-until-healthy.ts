import { setTimeout as sleep } from 'node:timers/promises'

import { env } from '@/server/env'
import { readyAnswerSchema } from '@/domain/api/system'
import { PlainError } from '../prepare/plain-error.mjs'
import type { SupervisedProcess } from './supervised-process'

const TIMEOUT_MS = 60_000
const POLL_MS = 100
/** A process that crashes this often while starting will not come up by itself. */
const MAX_CRASHES = 3

/** Waits until the web server answers, a worker has reported and the sample API is there. Throws a PlainError that quotes the log of what is missing. */
export async function waitUntilHealthy(processes: readonly SupervisedProcess[], signal: AbortSignal): Promise<void> {
  const deadline = performance.now() + TIMEOUT_MS
  for (;;) {
    const missing = await findMissing()
    if (missing === null) return
    const crashed = processes.find((candidate) => candidate.crashes() >= MAX_CRASHES)
    if (crashed !== undefined) {
      throw new PlainError(`The ${crashed.name} process does not start. Its last lines:\n\n${crashed.lastLines()}\n`)
    }
    if (performance.now() > deadline) {
      throw new PlainError(
        `Not healthy after ${TIMEOUT_MS / 1000} s: ${missing}`,
        'Look into the logs, or run: npx pageturner doctor',
      )
    }
    await sleep(POLL_MS, undefined, { signal })
  }
}

/** What is not there yet, as a sentence, or null when everything is. */
async function findMissing(): Promise<string | null> {
  const sample = await get(`http://127.0.0.1:${env.PAGETURNER_SAMPLE_PORT}/health`)
  if (sample?.ok !== true) return `the sample API does not answer on port ${env.PAGETURNER_SAMPLE_PORT}`
  const ready = await get(`${localAddress()}/api/ready`)
  if (ready === null) return `the web server does not answer on port ${env.PAGETURNER_PORT}`
  if (ready.ok) return null
  const answer = readyAnswerSchema.safeParse(await ready.json().catch(() => null))
  if (!answer.success) return `the web server answers ${ready.status}`
  return answer.data.checks
    .filter((check) => !check.ok)
    .map((check) => `${check.part}: ${check.detail}`)
    .join('; ')
}

/** Where this machine reaches the web server. */
export function localAddress(): string {
  const host = env.PAGETURNER_HOST.includes(':') ? `[${env.PAGETURNER_HOST}]` : env.PAGETURNER_HOST
  return `http://${host === '127.0.0.1' ? 'localhost' : host}:${env.PAGETURNER_PORT}`
}

async function get(url: string): Promise<Response | null> {
  try {
    return await fetch(url, { signal: AbortSignal.timeout(5_000) })
  } catch {
    // Not listening yet.
    return null
  }
}
