import type { ApiCall } from './api-call'
import { retentionAnswerSchema, retentionQuerySchema, retentionSchema } from './retention'
import { healthAnswerSchema, readyAnswerSchema, systemAnswerSchema } from './system'

/** Calls about the system itself and what it keeps. */
export const SYSTEM_CALLS: readonly ApiCall[] = [
  {
    method: 'get',
    path: '/api/playbook-retention/{path}',
    summary: 'How long executions of a playbook are kept, what they take; with a limit, what it would remove',
    query: retentionQuerySchema,
    status: 200,
    answer: retentionAnswerSchema,
  },
  {
    method: 'put',
    path: '/api/playbook-retention/{path}',
    summary: 'Keep executions of a playbook for so long, or so many; null keeps them all',
    body: { schema: retentionSchema },
    status: 200,
    answer: retentionAnswerSchema,
  },
  { method: 'get', path: '/api/health', summary: 'The server lives', status: 200, answer: healthAnswerSchema },
  {
    method: 'get',
    path: '/api/ready',
    summary: 'Database, queue and a worker are there (503 says which is not)',
    status: 200,
    answer: readyAnswerSchema,
  },
  {
    method: 'get',
    path: '/api/system',
    summary: 'Every part of the system: workers, queues, the database, what playbooks take and what was removed',
    status: 200,
    answer: systemAnswerSchema,
  },
  { method: 'get', path: '/api/metrics', summary: 'Prometheus text', status: 200, answer: ['text/plain'] },
]
