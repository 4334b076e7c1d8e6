import { expect, it } from 'vitest'
import type { ExecutionEvent } from '@/domain/execution/events'
import { stepSkipped, stepsLeftOut } from '@/domain/execution/workflow-events'
import { parsePlaybook } from '@/domain/playbook/parse-playbook'
import { eventLines } from './event-lines'

const { playbook } = parsePlaybook(`apiVersion: noetl.io/v1
kind: Playbook
metadata: { name: two, path: tests/two }
workflow:
  - { step: start, next: [{ step: after }] }
  - { step: after }
`)

it('says of a skipped step why it was', () => {
  const [, after] = playbook?.workflow ?? []
  const told = [...(after === undefined ? [] : [stepSkipped(after)]), ...stepsLeftOut(playbook?.workflow ?? [], STATE)]
  const events = told.map((event, at): ExecutionEvent => ({ ...AT, ...event, seq: at + 1 }))
  expect(eventLines(events, () => '').map(({ place, text, tone }) => [place, text, tone])).toEqual([
    ['after', 'step skipped · no branch led here', 'skipped'],
    ['after', 'step skipped · the run failed before', 'skipped'],
  ])
})

const STATE = { begun: true, steps: { start: 'failed' as const } }
const AT = { event_id: '1', execution_id: '7', created_at: new Date(0).toISOString() }
