import type { ErrorPolicy, PlaybookRetry, SuccessPolicy } from '../pagination-plan'
import type {
  ErrorPolicySource,
  FlatRetrySource,
  ListRetrySource,
  RetrySource,
  ShortRetrySource,
  SuccessPolicySource,
} from '../schema/retry-schema'
import type { SinkSource } from '../schema/postgres-schema'
import { templateReferences } from '../template/template-references'
import { expressionTemplate, optionalExpression } from './expression-template'

export type NormalizedRetry = { retry: PlaybookRetry; pagination: SuccessPolicy | null; sink: SinkSource | null }

const NOTHING: NormalizedRetry = { retry: { onError: [] }, pagination: null, sink: null }

/** The spellings of `retry` as one. */
export function normalizeRetry(source: RetrySource | undefined): NormalizedRetry {
  if (source === undefined) return NOTHING
  if (isShort(source)) return { ...NOTHING, retry: { onError: fromShort(source) } }
  if (Array.isArray(source)) return fromList(source)
  if (isFlat(source)) return { ...NOTHING, retry: { onError: [fromFlat(source)] } }
  const { on_error: onError, on_success: onSuccess } = source
  const policies = onError === undefined ? [] : [onError].flat()
  return {
    retry: { onError: policies.map(errorPolicy) },
    pagination: onSuccess === undefined ? null : successPolicy(onSuccess),
    sink: onSuccess?.sink ?? null,
  }
}

/** The list form, written in one object or not: its entries pages by what their conditions look at. */
export function isSuccessEntry(entry: ListRetrySource[number]): boolean {
  const { next_call: nextCall, collect, sink } = entry.then
  if (nextCall !== undefined || collect !== undefined || sink !== undefined) return true
  const names = namesIn(entry.when)
  return names.has('response') && !names.has('error')
}

/** Whether a condition looks at an error. */
export const readsError = (when: string): boolean => namesIn(when).has('error')

/** NoETL's older form has none of the two keys of the mapping form. */
export const isFlat = (source: Exclude<RetrySource, ListRetrySource | ShortRetrySource>): source is FlatRetrySource =>
  !('on_error' in source) && !('on_success' in source)

/** NoETL's `retry: true` and `retry: 5`. */
export const isShort = (source: RetrySource): source is ShortRetrySource => typeof source !== 'object'

function fromShort(source: ShortRetrySource): ErrorPolicy[] {
  if (source === true) return []
  return [errorPolicy({ max_attempts: source === false ? 1 : source })]
}

function fromList(entries: ListRetrySource): NormalizedRetry {
  const success = entries.find(isSuccessEntry)
  const errors = entries.filter((entry) => !isSuccessEntry(entry))
  return {
    retry: {
      onError: errors.map(({ when, then: rules }) => {
        const { max_attempts: attempts, ...rest } = rules
        return errorPolicy({ ...rest, when, ...(typeof attempts === 'number' ? { max_attempts: attempts } : {}) })
      }),
    },
    pagination: success === undefined ? null : successPolicy({ ...success.then, while: success.when }),
    sink: success?.then.sink ?? null,
  }
}

function namesIn(expression: string): Set<string | undefined> {
  try {
    return new Set(templateReferences(expressionTemplate(expression)).map(({ path }) => path[0]))
  } catch {
    // What can't be read is reported where templates are checked.
    return new Set()
  }
}

function fromFlat(source: FlatRetrySource): ErrorPolicy {
  const { retry_when: when, stop_when: unless, ...delays } = source
  const policy = errorPolicy({ ...delays, ...(when === undefined ? {} : { when }) })
  return { ...policy, unless: optionalExpression(unless) }
}

function errorPolicy(source: ErrorPolicySource): ErrorPolicy {
  return {
    when: optionalExpression(source.when),
    unless: null,
    maxAttempts: source.max_attempts ?? 3,
    initialDelay: source.initial_delay ?? 1,
    backoffMultiplier: source.backoff_multiplier ?? 2,
    maxDelay: source.max_delay ?? 60,
    jitter: source.jitter ?? false,
    methods: source.methods?.map((method) => method.toUpperCase()) ?? null,
    maxWait: source.max_wait ?? 3600,
  }
}

function successPolicy(source: SuccessPolicySource): SuccessPolicy {
  const call = source.next_call
  const { collect } = source
  return {
    kind: 'while',
    while: optionalExpression(source.while),
    maxAttempts: source.max_attempts ?? null,
    nextCall: {
      params: call?.params ?? null,
      headers: call?.headers ?? null,
      ...(call?.body === undefined ? {} : { body: call.body }),
      ...(call?.json === undefined ? {} : { json: call.json }),
      url: call?.url ?? null,
      method: call?.method ?? null,
    },
    collect:
      collect === undefined
        ? null
        : {
            path: collect.path ?? '',
            strategy: collect.strategy === 'extend' ? 'append' : (collect.strategy ?? 'append'),
            into: collect.into ?? null,
          },
  }
}
