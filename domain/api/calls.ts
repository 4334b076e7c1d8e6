import type { z } from 'zod'
import { retryNowAnswerSchema, retryNowSchema, retryPreviewSchema, retryQuerySchema, retrySchema } from './control'
import {
  eventListSchema,
  executionAnswerSchema,
  executionListSchema,
  listEventsQuerySchema,
  listExecutionsQuerySchema,
  ranPlaybookSchema,
  runAnswerSchema,
  runPlaybookSchema,
  snapshotAnswerSchema,
  streamQuerySchema,
} from './executions'
import {
  iterationListSchema,
  listIterationsQuerySchema,
  listPagesQuerySchema,
  pageAddressQuerySchema,
  pageAnswerSchema,
  pageListSchema,
} from './iterations'
import { detectAnswerSchema, detectSchema, testAnswerSchema, testStepSchema } from './playbook-test'
import {
  listPlaybooksQuerySchema,
  listVersionsQuerySchema,
  playbookAnswerSchema,
  playbookContentSchema,
  playbookListSchema,
  playbookVersionListSchema,
  readPlaybookQuerySchema,
  registerAnswerSchema,
  validateAnswerSchema,
} from './playbooks'
import { executeAnswerSchema, executeQuerySchema } from './postgres'
import { listRowsQuerySchema, resultsQuerySchema, rowListSchema } from './results'
import { putSecretSchema, secretListSchema, secretSummarySchema } from './secrets'
import { healthAnswerSchema, readyAnswerSchema } from './system'
import { TRIGGER_CALLS } from './trigger-calls'

type Body = { schema: z.ZodType; yaml?: true }

/** One call of the API: the same schemas check its requests. `answer` is a schema, or the media types of what isn't JSON. */
export type ApiCall = {
  method: 'get' | 'post' | 'put' | 'patch' | 'delete'
  path: string
  summary: string
  query?: z.ZodType
  headers?: Readonly<Record<string, string>>
  body?: Body
  status: number
  answer: z.ZodType | readonly string[]
}

const EXECUTION = '/api/executions/{id}'

/** Every call, in the order of the document. */
export const API_CALLS: readonly ApiCall[] = [
  {
    method: 'post',
    path: '/api/run/playbook',
    summary: 'Run a registered playbook, or exactly the text given',
    headers: { 'Idempotency-Key': 'the same key gives the same execution' },
    body: { schema: runPlaybookSchema },
    status: 202,
    answer: runAnswerSchema,
  },
  {
    method: 'post',
    path: '/api/playbooks',
    summary: 'Register the next version of a playbook (200 when the newest has exactly this text)',
    body: { schema: playbookContentSchema, yaml: true },
    status: 201,
    answer: registerAnswerSchema,
  },
  {
    method: 'get',
    path: '/api/playbooks',
    summary: 'The registered playbooks, by path',
    query: listPlaybooksQuerySchema,
    status: 200,
    answer: playbookListSchema,
  },
  {
    method: 'post',
    path: '/api/playbooks/validate',
    summary: 'What is wrong with a playbook, and where',
    body: { schema: playbookContentSchema, yaml: true },
    status: 200,
    answer: validateAnswerSchema,
  },
  {
    method: 'post',
    path: '/api/playbooks/test',
    summary: 'One page of one element of an http step, not recorded; page n follows the pages 1 to n, 10 at most',
    body: { schema: testStepSchema },
    status: 200,
    answer: testAnswerSchema,
  },
  {
    method: 'post',
    path: '/api/playbooks/detect',
    summary: 'How the API of an http step pages, proved by a second page, and the edit that writes it down',
    body: { schema: detectSchema },
    status: 200,
    answer: detectAnswerSchema,
  },
  {
    method: 'get',
    path: '/api/playbooks/{path}',
    summary: 'One playbook; its text alone with Accept: text/yaml. The path keeps its slashes',
    query: readPlaybookQuerySchema,
    status: 200,
    answer: playbookAnswerSchema,
  },
  {
    method: 'get',
    path: '/api/playbook-versions/{path}',
    summary: 'The versions of a playbook, newest first',
    query: listVersionsQuerySchema,
    status: 200,
    answer: playbookVersionListSchema,
  },
  {
    method: 'get',
    path: '/api/executions',
    summary: 'Executions, newest first',
    query: listExecutionsQuerySchema,
    status: 200,
    answer: executionListSchema,
  },
  {
    method: 'get',
    path: '/api/executions/stream',
    summary: 'The list as it changes: `execution` messages with a row of the list each',
    status: 200,
    answer: ['text/event-stream'],
  },
  { method: 'get', path: EXECUTION, summary: 'One execution', status: 200, answer: executionAnswerSchema },
  {
    method: 'post',
    path: `${EXECUTION}/cancel`,
    summary: 'End an execution and what runs for it, within a second; 409 when it has ended',
    status: 202,
    answer: runAnswerSchema,
  },
  {
    method: 'post',
    path: `${EXECUTION}/pause`,
    summary: 'Let no new page start; pages in flight are saved; 409 unless it runs',
    status: 202,
    answer: runAnswerSchema,
  },
  {
    method: 'post',
    path: `${EXECUTION}/resume`,
    summary: 'Go on with a paused execution; 409 unless it is paused',
    status: 202,
    answer: runAnswerSchema,
  },
  {
    method: 'get',
    path: `${EXECUTION}/retry`,
    summary: 'What a retry would do and send, and when the limit resets that it would meet',
    query: retryQuerySchema,
    status: 200,
    answer: retryPreviewSchema,
  },
  {
    method: 'post',
    path: `${EXECUTION}/retry`,
    summary:
      'Go on with what failed or was cancelled, from the failed pages on; fetch one page again; or, for the whole run or the newest version, start another execution, which the answer names. 409 while it runs',
    headers: { 'Idempotency-Key': 'where another execution is started: the same key gives the same one' },
    body: { schema: retrySchema },
    status: 202,
    answer: runAnswerSchema,
  },
  {
    method: 'post',
    path: `${EXECUTION}/retry-now`,
    summary: 'Let elements that wait between two tries go on at once; a rate limit of the playbook still holds',
    body: { schema: retryNowSchema },
    status: 202,
    answer: retryNowAnswerSchema,
  },
  {
    method: 'get',
    path: `${EXECUTION}/playbook`,
    summary: 'The text an execution started with, saved as a version or not',
    status: 200,
    answer: ranPlaybookSchema,
  },
  {
    method: 'get',
    path: `${EXECUTION}/events`,
    summary: 'The events of an execution after a seq',
    query: listEventsQuerySchema,
    status: 200,
    answer: eventListSchema,
  },
  {
    method: 'get',
    path: `${EXECUTION}/stream`,
    summary: 'The events of an execution as they come; `end` after the terminal one',
    query: streamQuerySchema,
    headers: { 'Last-Event-ID': 'continues after this seq' },
    status: 200,
    answer: ['text/event-stream'],
  },
  {
    method: 'get',
    path: `${EXECUTION}/snapshot`,
    summary: 'The events of an execution folded to a view, and the seq to stream on from',
    status: 200,
    answer: snapshotAnswerSchema,
  },
  {
    method: 'get',
    path: `${EXECUTION}/iterations`,
    summary: 'The elements of an execution',
    query: listIterationsQuerySchema,
    status: 200,
    answer: iterationListSchema,
  },
  {
    method: 'get',
    path: `${EXECUTION}/iterations/{index}/pages`,
    summary: 'The saved pages of an element',
    query: listPagesQuerySchema,
    status: 200,
    answer: pageListSchema,
  },
  {
    method: 'get',
    path: `${EXECUTION}/iterations/{index}/pages/{page}`,
    summary: 'One page: request, response, tries and items',
    query: pageAddressQuerySchema,
    status: 200,
    answer: pageAnswerSchema,
  },
  {
    method: 'get',
    path: `${EXECUTION}/rows`,
    summary: 'A window on the items, in the order of the export',
    query: listRowsQuerySchema,
    status: 200,
    answer: rowListSchema,
  },
  {
    method: 'get',
    path: `${EXECUTION}/results`,
    summary: 'All items as a file, by step, element, page and row',
    query: resultsQuerySchema,
    status: 200,
    answer: ['application/json', 'application/x-ndjson', 'text/csv'],
  },
  ...TRIGGER_CALLS,
  { method: 'get', path: '/api/secrets', summary: 'Names of secrets', status: 200, answer: secretListSchema },
  {
    method: 'put',
    path: '/api/secrets/{name}',
    summary: 'Store a secret; its value can never be read again',
    body: { schema: putSecretSchema },
    status: 200,
    answer: secretSummarySchema,
  },
  { method: 'delete', path: '/api/secrets/{name}', summary: 'Forget a secret', status: 204, answer: [] },
  {
    method: 'post',
    path: '/api/postgres/execute',
    summary: 'One read-only statement: 5 s, 1,000 rows',
    body: { schema: executeQuerySchema },
    status: 200,
    answer: executeAnswerSchema,
  },
  { method: 'get', path: '/api/health', summary: 'The server lives', status: 200, answer: healthAnswerSchema },
  {
    method: 'get',
    path: '/api/ready',
    summary: 'Database, queue and a worker are there (503 says which is not)',
    status: 200,
    answer: readyAnswerSchema,
  },
  { method: 'get', path: '/api/metrics', summary: 'Prometheus text', status: 200, answer: ['text/plain'] },
]
