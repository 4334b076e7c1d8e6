import { retryNowAnswerSchema, retryPreviewSchema, type RetryRequest } from '@/domain/api/control'
import { ranPlaybookSchema, runAnswerSchema } from '@/domain/api/executions'
import { playbookAnswerSchema } from '@/domain/api/playbooks'
import { lineDiff } from '@/domain/execution/line-diff'
import { besideWords, OTHER_INPUTS, retryWords } from '@/domain/execution/retry-words'
import type { JsonObject } from '@/domain/json'
import { PlainError } from '../prepare/plain-error.mjs'
import { callJson } from '../target/call-api'
import { parseWhole } from './parse-argument'
import { parseSettings } from './parse-settings'

export type RetryOptions = {
  all?: boolean
  element?: string
  page?: string
  step?: string
  newest?: boolean
  set?: string[]
  now?: boolean
  preview?: boolean
}

/** Retries what failed in an execution, one element, one page, or all of it; says what that sends before it does it. */
export async function retry(server: string, id: string, options: RetryOptions): Promise<void> {
  const address = `/api/executions/${encodeURIComponent(id)}`
  if (options.now === true) return retryAtOnce(server, address, options)
  const request = await requestOf(options, { server, address })
  const preview = await callJson(retryPreviewSchema, { server, path: `${address}/retry?${queryOf(request)}` })
  if (options.newest === true) await showChanges(server, address)
  const sends = retryWords(preview, (at) => at.toLocaleTimeString('en-GB', { hour: '2-digit', minute: '2-digit' }))
  const beside = besideWords(preview)
  if (beside !== null) say(beside)
  if (options.set !== undefined) say(OTHER_INPUTS)
  if (options.preview === true) return say(`A retry of execution ${id} would be: ${sends}.`)
  say(`Retrying execution ${id}: ${sends}.`)
  const path = `${address}/retry`
  const { execution_id: retried } = await callJson(runAnswerSchema, { server, path, method: 'POST', body: request })
  say(retried === id ? `Execution ${id} goes on.` : `Execution ${retried} is its retry.`)
}

async function retryAtOnce(server: string, address: string, options: RetryOptions): Promise<void> {
  const { element, step, ...others } = options
  if (
    others.all === true ||
    others.page !== undefined ||
    others.newest === true ||
    others.set !== undefined ||
    others.preview === true
  )
    throw new PlainError('--now ends waits of an execution that runs; only --element and --step go with it.')
  const body = {
    ...(element !== undefined && { index: parseWhole(element, 'the index of an element') }),
    ...stepOf(step),
  }
  const { elements } = await callJson(retryNowAnswerSchema, {
    server,
    path: `${address}/retry-now`,
    method: 'POST',
    body,
  })
  if (elements === 0) return say('Nothing waits to be tried again.')
  say(elements === 1 ? '1 element goes on at once.' : `${elements.toLocaleString('en')} elements go on at once.`)
}

async function requestOf(options: RetryOptions, at: { server: string; address: string }): Promise<RetryRequest> {
  const { all, element, page, step, newest } = options
  const version = newest === true ? { version: 'newest' as const } : {}
  if (all === true) {
    if (element !== undefined || page !== undefined || step !== undefined)
      throw new PlainError('--all is the whole run; --element, --page and --step are parts of one.')
    return { scope: 'all', ...version, ...(await inputsOf(options, version, at)) }
  }
  if (options.set !== undefined) throw new PlainError('--set changes the inputs of a whole run; add --all.')
  if (element === undefined) {
    if (step === undefined && page === undefined) return { scope: 'failed', ...version }
    throw new PlainError('--step and --page are about one element; name it with --element.')
  }
  const index = parseWhole(element, 'the index of an element')
  if (page === undefined) return { scope: 'iteration', index, ...stepOf(step), ...version }
  if (newest === true) throw new PlainError('A page is fetched again by the version that fetched the others.')
  return { scope: 'page', index, page: parseWhole(page, 'the number of a page'), ...stepOf(step) }
}

/** Keys that are set go on top of what the new run would take by itself. */
async function inputsOf(
  { set }: RetryOptions,
  version: { version?: 'newest' },
  { server, address }: { server: string; address: string },
): Promise<{ workload?: JsonObject }> {
  if (set === undefined) return {}
  const path = `${address}/retry?${queryOf({ scope: 'all', ...version })}`
  const { workload } = await callJson(retryPreviewSchema, { server, path })
  return { workload: { ...workload, ...parseSettings(set) } }
}

/** The lines in which the newest version differs from what ran. */
async function showChanges(server: string, address: string): Promise<void> {
  const ran = await callJson(ranPlaybookSchema, { server, path: `${address}/playbook` })
  const newest = await callJson(playbookAnswerSchema, { server, path: `/api/playbooks/${ran.path}` })
  if (ran.content === newest.content) return say(`The newest version, ${newest.version}, is what ran.`)
  say(
    `${ran.version === null ? 'The text that ran' : `Version ${ran.version}, which ran,`} → version ${newest.version}:`,
  )
  for (const part of lineDiff(ran.content, newest.content)) {
    if (part === null) say('  ⋯')
    else for (const line of part.lines) say(`${SIGNS[part.kind]} ${line}`)
  }
}

const SIGNS = { same: ' ', added: '+', removed: '-' } as const

/** The inputs of a new run have no place in an address, and a preview counts the same without them. */
const queryOf = (request: RetryRequest): URLSearchParams =>
  new URLSearchParams(
    Object.entries(request).flatMap(([name, value]) => (name === 'workload' ? [] : [[name, String(value)]])),
  )

const stepOf = (step: string | undefined): { step?: string } => (step === undefined ? {} : { step })

const say = (line: string): void => void process.stdout.write(`${line}\n`)
