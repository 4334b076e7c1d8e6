import { retentionAnswerSchema, type RemovalPreview, type RetentionAnswer } from '@/domain/api/retention'
import { PlainError } from '../prepare/plain-error.mjs'
import { callJson } from '../target/call-api'

export type RetentionOptions = { days?: string; runs?: string; all?: boolean; yes?: boolean }

/**
 * Shows how long a playbook's executions are kept; with a limit, what it would remove, and with `yes` it is saved. Throws
 * a PlainError.
 */
export async function retention(server: string, path: string, options: RetentionOptions): Promise<void> {
  const address = `/api/playbook-retention/${path}`
  const policy = policyOf(options)
  if (policy === null) return show(await callJson(retentionAnswerSchema, { server, path: address }))
  const limits = Object.entries(policy).flatMap(([name, value]) => (value === null ? [] : [[name, String(value)]]))
  if (limits.length > 0) {
    const query = new URLSearchParams(limits)
    const { preview } = await callJson(retentionAnswerSchema, { server, path: `${address}?${query}` })
    if (preview !== null) say(`This ${options.yes === true ? 'removes' : 'would remove'} ${previewWords(preview)}.`)
  }
  if (options.yes !== true) return say('Nothing was changed. Add --yes to save it.')
  show(await callJson(retentionAnswerSchema, { server, path: address, method: 'PUT', body: policy }))
}

/** Null when nothing is to be changed. */
function policyOf({
  days,
  runs,
  all,
}: RetentionOptions): { keep_days: number | null; keep_runs: number | null } | null {
  if (all === true && (days !== undefined || runs !== undefined)) {
    throw new PlainError('--all keeps everything, so it takes neither --days nor --runs.', 'Give one or the other.')
  }
  if (all === true) return { keep_days: null, keep_runs: null }
  if (days === undefined && runs === undefined) return null
  return { keep_days: wholeNumber('--days', days), keep_runs: wholeNumber('--runs', runs) }
}

function wholeNumber(name: string, text: string | undefined): number | null {
  if (text === undefined) return null
  if (/^[1-9]\d{0,5}$/.test(text)) return Number(text)
  throw new PlainError(`${name} is a whole number above 0, not "${text}".`, `For example: ${name} 30`)
}

function show({ path, keep_days: days, keep_runs: runs, stored, removed }: RetentionAnswer): void {
  const since = days === null ? '' : ` that ended within ${days.toLocaleString('en-US')} ${days === 1 ? 'day' : 'days'}`
  const which = runs === null ? 'every run' : `the newest ${runWords(runs)}`
  say(`${path} keeps ${which}${since}.`)
  say(`Stored: ${runWords(stored.executions)}, ${sizeWords(stored.bytes)}.`)
  for (const { day, executions, bytes } of removed) say(`Removed ${day}: ${runWords(executions)}, ${sizeWords(bytes)}.`)
}

function previewWords({ executions, bytes, oldest_at: oldest, at_least: atLeast }: RemovalPreview): string {
  if (executions === 0) return 'nothing now'
  const since = oldest === null ? '' : `, the oldest of ${oldest.slice(0, 10)}`
  return `${atLeast ? 'at least ' : ''}${runWords(executions)}, about ${sizeWords(bytes)}${since}`
}

const runWords = (count: number): string => `${count.toLocaleString('en-US')} ${count === 1 ? 'run' : 'runs'}`

const KILO = { from: 1e3, unit: 'kB' }
const SIZES = [{ from: 1e9, unit: 'GB' }, { from: 1e6, unit: 'MB' }, KILO]

function sizeWords(bytes: number): string {
  const size = SIZES.find(({ from }) => bytes >= from) ?? KILO
  return `${(bytes / size.from).toFixed(1)} ${size.unit}`
}

const say = (line: string): void => void process.stdout.write(`${line}\n`)
