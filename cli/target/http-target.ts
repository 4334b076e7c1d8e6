import { runAnswerSchema, snapshotAnswerSchema } from '@/domain/api/executions'
import { registerAnswerSchema } from '@/domain/api/playbooks'
import type { ExecutionView } from '@/domain/execution/view'
import { PlainError } from '../prepare/plain-error.mjs'
import { callApi, callJson, refusalOf } from './call-api'
import { followEvents } from './follow-events'
import type { RunTarget } from './run-target'

/** A running server, e.g. `http://localhost:8420`. */
export function httpTarget(server: string, say: (line: string) => void): RunTarget {
  return {
    register: async (content, of) => {
      const call = { server, path: '/api/playbooks', method: 'POST', yaml: content, of } as const
      const { path, version } = await callJson(registerAnswerSchema, call)
      return { path, version }
    },
    run: async (body) => {
      const answer = await callJson(runAnswerSchema, { server, path: '/api/run/playbook', method: 'POST', body })
      return answer.execution_id
    },
    follow: (id, after) => followEvents({ server, id, after, say }),
    view: async (id) => {
      const { view } = await callJson(snapshotAnswerSchema, { server, path: `/api/executions/${id}/snapshot` })
      // The server folded it with the same code; the schema of the answer leaves the inside of the view open.
      return view as ExecutionView
    },
    results: async (id, format) => {
      const path = `/api/executions/${id}/results?format=${format}`
      const { body } = await callApi({ server, path, accept: '*/*' })
      return body === null ? emptyBody() : whole(body, server)
    },
    whyNothing: async () => {
      const answer = await fetch(new URL('/api/ready', server)).catch(() => null)
      // Who can't ask hears of that where the events break off.
      return answer === null || answer.ok ? null : (await refusalOf(answer)).message
    },
    afterLeaving: (id) =>
      `Execution ${id} goes on. See it: npx pageturner events ${id} --follow --server ${server}\nEnd it: npx pageturner cancel ${id} --server ${server}`,
    pageOf: (id) => `${server}/runs/${id}`,
  }
}

async function* emptyBody(): AsyncGenerator<Uint8Array> {}

/** The bytes of an answer. Throws a PlainError where it ends too early. */
async function* whole(body: AsyncIterable<Uint8Array>, server: string): AsyncGenerator<Uint8Array> {
  try {
    yield* body
  } catch (error) {
    if (!(error instanceof TypeError)) throw error
    throw new PlainError(`The answer of ${server} broke off before its end.`, 'Run the same command again.')
  }
}
