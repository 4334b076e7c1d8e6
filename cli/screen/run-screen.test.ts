import { PassThrough } from 'node:stream'
import { expect, it } from 'vitest'
import { emptyView } from '@/domain/execution/view'
import { executionEventSchema } from '@/domain/execution/events'
import { openRunScreen } from './run-screen'

const event = executionEventSchema.parse({
  event_id: '1',
  execution_id: '1',
  seq: 1,
  event_type: 'playbook_started',
  status: 'STARTED',
  node_name: null,
  iteration_index: null,
  page: null,
  attempt: null,
  context: {},
  created_at: '2026-11-30T00:00:00.000Z',
})

it('leaves what is written below it once it is closed, however often', () => {
  const { output, written } = terminal()
  const screen = openRunScreen(output)
  screen.show(event, emptyView('1'))
  screen.close()
  const drawn = written()
  expect(drawn).toContain('0 of 0 elements')
  output.write('the summary\n')
  screen.close()
  expect(written()).toBe(`${drawn}the summary\n`)
})

it('draws whole lines on a terminal that does not tell its size', () => {
  const { output, written } = terminal({ columns: 0, rows: 0 })
  const screen = openRunScreen(output)
  screen.show(event, emptyView('1'))
  screen.close()
  expect(written()).toBe('0 of 0 elements · 0 pages · 0 items · 0 retries\n')
})

it('writes no control codes where there is no terminal', () => {
  const { output, written } = terminal({ isTTY: false })
  const screen = openRunScreen(output)
  screen.say('Execution 1')
  screen.show({ ...event, event_type: 'playbook_paused' }, emptyView('1'))
  screen.close()
  expect(written()).toBe('Execution 1\npaused: no new page starts\n')
})

/** What a terminal of 80 columns is to the screen, and what was written to it. */
function terminal({ isTTY = true, columns = 80, rows = 24 } = {}): {
  output: NodeJS.WriteStream
  written: () => string
} {
  let text = ''
  const stream = new PassThrough().setEncoding('utf8').on('data', (chunk: string) => (text += chunk))
  const output = Object.assign(stream, { isTTY, columns, rows }) as unknown as NodeJS.WriteStream
  return { output, written: () => text }
}
