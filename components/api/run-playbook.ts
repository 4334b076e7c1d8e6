import type { RunAnswer, RunPlaybook } from '@/domain/api/executions'
import { runAnswerSchema } from '@/domain/api/executions'
import { requestJson } from './request-json'

/** Starts an execution; what is given as `content` runs exactly as it stands. @throws RequestFailed */
export const runPlaybook = (request: RunPlaybook): Promise<RunAnswer> =>
  requestJson('/api/run/playbook', runAnswerSchema, { method: 'POST', body: request })
