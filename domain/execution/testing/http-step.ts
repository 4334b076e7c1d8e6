import type { ErrorPolicy, Paginate, SuccessPolicy } from '../../playbook/pagination-plan'
import type { HttpStep } from '../../playbook/playbook'
import { DEFAULT_POLICY } from '../../retry/retry-policy'

/** An http step with the language's defaults, for tests of one rule. */
export function httpStep(changes: Partial<HttpStep> = {}): HttpStep {
  return {
    step: 'fetch',
    description: null,
    loop: null,
    sinks: [],
    next: [],
    tool: 'http',
    method: 'GET',
    url: 'https://api.test/items',
    params: null,
    headers: null,
    form: null,
    auth: null,
    timeoutSeconds: 30,
    idleTimeoutSeconds: 10,
    maxResponseBytes: 50 * 1024 * 1024,
    response: 'auto',
    failWhen: null,
    crossOrigin: [],
    rateLimit: null,
    retry: { onError: [] },
    pagination: null,
    written: {},
    ...changes,
  }
}

const PAGINATE = {
  kind: 'paginate' as const,
  in: 'query' as const,
  items: 'data',
  injectFirst: true,
  parallel: 1,
  interval: 0,
  onPageError: 'fail' as const,
  dedupe: null,
  filter: null,
  loopGuard: 'all' as const,
}

const STOP = {
  hasMorePath: null,
  totalItemsPath: null,
  totalItemsHeader: null,
  totalPagesPath: null,
  emptyPage: true,
  shortPage: false,
  statusCodes: [],
  when: null,
  itemWhen: null,
  maxPages: null,
  maxItems: null,
}

const BY_TYPE = {
  page: { param: 'page', start: 1, limitParam: null, limit: null },
  offset: { param: 'offset', start: 0, limitParam: 'limit', limit: null },
  cursor: { path: 'next', header: null, param: 'cursor', endValues: [null, '', false] },
  last_record: { field: 'id', param: 'after' },
  next_url: { path: 'next' },
  link: { rel: 'next' },
  graphql: { pageInfo: 'data.items.pageInfo', param: 'variables.cursor', backward: false },
  auto: { place: null },
  none: {},
}

type Written<T> = Partial<Omit<T, 'stop'>> & { stop?: Partial<Paginate['stop']> }

/** `paginate` of a type with its defaults and these changes. */
export function paginate(type: keyof typeof BY_TYPE, changes: Written<UnionOf<Paginate>> = {}): Paginate {
  const { stop, ...rest } = changes
  return { ...PAGINATE, type, ...BY_TYPE[type], ...rest, stop: { ...STOP, ...stop } } as Paginate
}

/** Every key of any type, since a test names only those of its own. */
type UnionOf<T> = {
  [K in T extends unknown ? keyof T : never]: T extends unknown ? (K extends keyof T ? T[K] : never) : never
}

/** `retry.on_success` with these changes. */
export function onSuccess(
  changes: Partial<Omit<SuccessPolicy, 'nextCall'>> & { nextCall?: Partial<SuccessPolicy['nextCall']> },
): SuccessPolicy {
  const { nextCall, ...rest } = changes
  return {
    kind: 'while',
    while: null,
    maxAttempts: null,
    collect: { path: 'data', strategy: 'append', into: null },
    ...rest,
    nextCall: { params: null, headers: null, url: null, method: null, ...nextCall },
  }
}

/** An error policy with these changes. */
export function errorPolicy(changes: Partial<ErrorPolicy> = {}): ErrorPolicy {
  return { ...DEFAULT_POLICY, ...changes }
}
