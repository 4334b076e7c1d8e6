import { isFlat, isShort, isSuccessEntry, readsError } from '../normalize/normalize-retry'
import type { SinkSource } from '../schema/postgres-schema'
import type { RetrySource, SuccessPolicySource } from '../schema/retry-schema'
import type { HttpStepSource, LoopSource, PostgresStepSource, StepSource } from '../schema/step-schema'
import { hasTemplate } from '../template/parse-template'
import type { Reporter } from '../text/reporter'
import { checkJsonata } from './check-jsonata'
import { checkPaginate } from './check-paginate'
import { checkPath } from './check-path'
import { checkTokenPlace } from './check-token-place'

const METHODS: ReadonlySet<string> = new Set(['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE'])

/** Names that a finished step or a sink has anyway. */
const TAKEN: ReadonlySet<string> = new Set(
  'result results stats status this response http iteration page workload secret env execution_id error item _loop'.split(
    ' ',
  ),
)

/** Reports keys of one step that exclude or need each other, and pagination that can't end. */
export function checkStep(step: StepSource, pointer: string, report: Reporter): void {
  if (step.tool === undefined) return
  if (step.loop !== undefined) checkLoop(step.loop, `${pointer}/loop`, report)
  if (step.sink !== undefined) {
    checkRows(step.sink, `${pointer}/sink`, report)
    checkSinkPer(step, step.sink, { pointer: `${pointer}/sink`, report })
  }
  if (step.tool === 'http') checkHttp(step, pointer, report)
  if (step.tool === 'transform') checkJsonata(step.expression, `${pointer}/expression`, report)
  if (step.tool === 'postgres') {
    checkRows(step, pointer, report)
    if (step.retry !== undefined && pagesOf(step.retry) !== null) {
      const message = 'only an http step has pages'
      report.key({ code: 'conflict', message }, `${pointer}/retry`)
    }
  }
}

function checkHttp(step: HttpStepSource, pointer: string, report: Reporter): void {
  const bodies = (['body', 'json', 'form'] as const).filter((key) => step[key] !== undefined)
  for (const key of bodies.slice(1)) {
    report.key({ code: 'conflict', message: `\`${bodies[0]}\` and \`${key}\` exclude each other` }, `${pointer}/${key}`)
  }
  if (step.auth !== undefined && step.credential !== undefined) {
    report.key({ code: 'conflict', message: '`auth` and `credential` exclude each other' }, `${pointer}/credential`)
  }
  if (!hasTemplate(step.method) && !METHODS.has(step.method.toUpperCase())) {
    const message = `\`${step.method}\` is not one of ${[...METHODS].join(', ')}`
    report.value({ code: 'wrong_type', message }, `${pointer}/method`)
  }
  if (!hasTemplate(step.url) && !/^https?:\/\/[^/]/i.test(step.url)) {
    const finding = { code: 'invalid_url', message: 'this must begin with http:// or https://, or be a template' }
    report.value(finding, `${pointer}/url`)
  }
  const success = step.retry === undefined ? null : pagesOf(step.retry)
  if (success !== null) checkSuccess(success.policy, `${pointer}/retry${success.pointer}`, report)
  if (step.retry !== undefined) checkRetryOrder(step.retry, `${pointer}/retry`, report)
  if (step.retry !== undefined && Array.isArray(step.retry)) checkRetryList(step.retry, `${pointer}/retry`, report)
  if (step.paginate === undefined) return
  if (success !== null) {
    const message = '`paginate` and pages in `retry` say the same thing: keep one of them'
    report.key({ code: 'conflict', message }, `${pointer}/paginate`)
  }
  checkPaginate(step.paginate, `${pointer}/paginate`, report)
  checkTokenPlace(step, `${pointer}/paginate`, report)
}

function pagesOf(retry: RetrySource): { policy: SuccessPolicySource; pointer: string } | null {
  if (Array.isArray(retry)) {
    const index = retry.findIndex(isSuccessEntry)
    const entry = retry[index]
    if (entry === undefined) return null
    return { policy: { ...entry.then, while: entry.when }, pointer: `/${index}/then` }
  }
  if (isShort(retry) || isFlat(retry) || retry.on_success === undefined) return null
  return { policy: retry.on_success, pointer: '/on_success' }
}

type ListEntry = Extract<RetrySource, readonly unknown[]>[number]

function checkRetryList(entries: readonly ListEntry[], pointer: string, report: Reporter): void {
  let pages = 0
  entries.forEach((entry, index) => {
    if (isSuccessEntry(entry)) {
      pages += 1
      const message = 'only one entry can lead to the next page'
      if (pages > 1) report.value({ code: 'conflict', message }, `${pointer}/${index}/when`)
      checkPageEntry(entry, `${pointer}/${index}`, report)
    } else if (typeof entry.then.max_attempts === 'string') {
      const message = '`max_attempts` of an error must be a whole number'
      report.value({ code: 'wrong_type', message }, `${pointer}/${index}/then/max_attempts`)
    }
  })
}

const OF_ERRORS = ['initial_delay', 'backoff_multiplier', 'max_delay', 'jitter', 'methods', 'max_wait'] as const

/** What only says something of errors says nothing of pages. */
function checkPageEntry({ when, then: rules }: ListEntry, pointer: string, report: Reporter): void {
  const hint =
    'Write it in an entry for errors, whose `when` looks at error; between pages waits `interval` of `paginate`.'
  for (const key of OF_ERRORS) {
    if (rules[key] === undefined) continue
    const message = `\`${key}\` does nothing in the entry that leads to the next page`
    report.key({ code: 'no_effect', severity: 'warning', message, hint }, `${pointer}/then/${key}`)
  }
  if (!readsError(when)) return
  const message = 'an entry with `next_call`, `collect` or `sink` leads to the next page, where there is no error'
  const split = 'Write two entries: one whose `when` looks at error, one that looks at response.'
  report.value({ code: 'conflict', message, hint: split }, `${pointer}/when`)
}

function checkRetryOrder(retry: RetrySource, pointer: string, report: Reporter): void {
  if (Array.isArray(retry) || isShort(retry) || isFlat(retry) || !Array.isArray(retry.on_error)) return
  checkErrorPolicies(retry.on_error, `${pointer}/on_error`, report)
}

/** Of several policies the first whose `when` holds is taken, which is any without one. */
function checkErrorPolicies(
  policies: readonly { when?: string | undefined }[],
  pointer: string,
  report: Reporter,
): void {
  const always = policies.findIndex(({ when }) => when === undefined)
  if (always === -1 || always === policies.length - 1) return
  const message = 'this is never looked at: the policy before it has no `when`, and holds always'
  const hint = 'Put the one without `when` last.'
  report.key({ code: 'no_effect', severity: 'warning', message, hint }, `${pointer}/${always + 1}`)
}

function checkSuccess(policy: SuccessPolicySource, pointer: string, report: Reporter): void {
  const call = policy.next_call
  if (call === undefined || Object.values(call).every((part) => part === undefined)) {
    const message = 'without `next_call` the same page would be asked for again and again'
    report.key({ code: 'endless', message, hint: 'Say what the next request changes, such as params.' }, pointer)
  }
  const always = policy.while === undefined || /^(\{\{)?\s*(true|True|1)\s*(\}\})?$/.test(policy.while.trim())
  if (always && policy.max_attempts === undefined) {
    const message = 'this pagination can never end'
    report.key(
      { code: 'endless', message, hint: 'Say how long it goes on with `while`, or give `max_attempts`.' },
      pointer,
    )
  }
  if (policy.collect !== undefined) checkPath(policy.collect.path, `${pointer}/collect/path`, report)
  const into = policy.collect?.into
  if (into !== undefined && TAKEN.has(into)) {
    const message = `\`${into}\` is the name of something else already`
    report.value({ code: 'conflict', message, hint: 'Give the result another name.' }, `${pointer}/collect/into`)
  }
  if (policy.sink !== undefined) checkRows(policy.sink, `${pointer}/sink`, report)
  if (policy.sink?.per === 'step') {
    const message = 'a sink that runs once a step stands on the step itself'
    report.value({ code: 'conflict', message }, `${pointer}/sink/per`)
  }
}

function checkLoop(loop: LoopSource, pointer: string, report: Reporter): void {
  if (loop.mode === 'chunked' && loop.chunk_size === undefined) {
    report.value(
      { code: 'missing', message: '`chunk_size` is missing', hint: 'The mode chunked needs it.' },
      `${pointer}/mode`,
    )
  }
  if (loop.mode !== 'chunked' && loop.chunk_size !== undefined) {
    report.key({ code: 'conflict', message: '`chunk_size` goes with mode: chunked' }, `${pointer}/chunk_size`)
  }
  if (loop.mode !== 'async' && loop.concurrency !== undefined) {
    report.key({ code: 'conflict', message: '`concurrency` goes with mode: async' }, `${pointer}/concurrency`)
  }
  const { collection } = loop
  if (
    typeof collection === 'string' ? !hasTemplate(collection) : typeof collection !== 'object' || collection === null
  ) {
    const message = '`collection` must be a list, an object, or a template that gives one'
    report.value({ code: 'wrong_type', message }, `${pointer}/collection`)
  }
}

function checkSinkPer(step: StepSource, sink: SinkSource, at: { pointer: string; report: Reporter }): void {
  if (sink.per === 'page' && step.tool !== 'http') {
    at.report.value({ code: 'conflict', message: 'only an http step has pages' }, `${at.pointer}/per`)
  }
}

function checkRows(source: SinkSource | PostgresStepSource, pointer: string, report: Reporter): void {
  const conflict = (key: string, message: string): void =>
    report.key({ code: 'conflict', message }, `${pointer}/${key}`)
  const missing = (message: string): void => report.key({ code: 'missing', message }, pointer)
  if (source.statement !== undefined) {
    for (const key of ['table', 'mode', 'key', 'data'] as const) {
      if (source[key] !== undefined) conflict(key, `\`statement\` and \`${key}\` exclude each other`)
    }
    if (source.params !== undefined && hasTemplate(source.statement)) {
      conflict('params', 'a statement has {{ }} or `params`, not both')
    }
    return
  }
  if (source.table === undefined) return missing('`statement`, or `table` with `data`, is missing')
  if (source.data === undefined) missing('`data` is missing: the rows to write')
  if (source.params !== undefined) conflict('params', '`params` go with `statement`')
  if (source.mode === 'upsert' && source.key === undefined)
    missing('`key` is missing: upsert needs the columns of the unique key')
  if (source.mode !== 'upsert' && source.key !== undefined) conflict('key', '`key` goes with mode: upsert')
}
