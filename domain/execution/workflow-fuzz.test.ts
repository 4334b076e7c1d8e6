import fc from 'fast-check'
import { expect, it } from 'vitest'
import { certainSteps } from '../playbook/check/certain-steps'
import type { Playbook, RouteStep } from '../playbook/playbook'
import { nextMove } from './decide'
import { takenEntries, unreachableSteps } from './workflow-graph'
import { withPhase, type WorkflowState } from './workflow-state'

type Condition = 'yes' | 'no' | 'always' | 'else'
type Way = { from: number; to: number; condition: Condition }
/** Ways lead from a step to a later one: nothing goes in circles. `order` is that of the playbook's text. */
type Drawn = { ways: Way[]; order: number[]; choices: number[]; failing: number | null }

const MOST_STEPS = 7

const drawn: fc.Arbitrary<Drawn> = fc.integer({ min: 1, max: MOST_STEPS }).chain((size) =>
  fc.record({
    ways: fc
      .array(
        fc.record({
          from: fc.nat(size - 1),
          step: fc.integer({ min: 1, max: size }),
          condition: fc.constantFrom<Condition>('yes', 'no', 'always', 'else'),
        }),
        { maxLength: 12 },
      )
      .map((ways) =>
        ways.flatMap(({ from, step, condition }) => (from + step < size ? [{ from, to: from + step, condition }] : [])),
      ),
    order: fc.shuffledSubarray(
      Array.from({ length: size }, (_, index) => index),
      { minLength: size },
    ),
    choices: fc.array(fc.nat(100), { minLength: 2 * MOST_STEPS, maxLength: 2 * MOST_STEPS }),
    failing: fc.option(fc.nat(size - 1), { freq: 3 }),
  }),
)

const nameOf = (index: number): string => (index === 0 ? 'start' : `s${index}`)

it('runs each step once, after all that led to it, and skips what nothing led to', () => {
  fc.assert(
    fc.property(drawn, ({ ways, order, choices, failing }) => {
      const workflow = order.map((index) => stepOf(index, ways))
      const { log, taken, state, status } = play(workflow, choices, failing)
      const started = log.filter(({ what }) => what === 'started').map(({ step }) => step)
      expect(new Set(started).size).toBe(started.length)
      expect(Object.values(state.steps)).not.toContain('running')
      const hasFailed = failing !== null && started.includes(nameOf(failing))
      expect(status).toBe(hasFailed ? 'FAILED' : 'COMPLETED')
      for (const { from, to } of taken) {
        if (started.includes(to)) expect(at(log, 'started', to)).toBeGreaterThan(at(log, 'finished', from))
      }
      if (hasFailed) return
      const reached = new Set(['start', ...taken.map(({ to }) => to)])
      for (const { step } of workflow) {
        expect(state.steps[step]).toBe(reached.has(step) ? 'routed' : 'skipped')
        expect(started.includes(step)).toBe(reached.has(step))
      }
    }),
    { numRuns: 600, seed: 20_261_130 },
  )
})

it('does what is said of it before it runs', () => {
  fc.assert(
    fc.property(drawn, ({ ways, order, choices }) => {
      const workflow = order.map((index) => stepOf(index, ways))
      const certainty = certainSteps(workflow.map(asWritten))
      if (certainty === null) throw new Error('a workflow that only leads on goes in circles')
      const { log, state } = play(workflow, choices, null)
      workflow.forEach(({ step }, index) => {
        workflow.forEach(({ step: other }, before) => {
          const ran = state.steps[other] === 'routed'
          if (certainty.hasRun(before, null)) expect(ran).toBe(true)
          if (state.steps[step] !== 'routed') return
          const wasFirst = ran && at(log, 'finished', other) < at(log, 'started', step)
          if (certainty.hasRun(before, index)) expect(wasFirst).toBe(true)
          if (ran && certainty.leadsTo(before, index)) expect(wasFirst).toBe(true)
        })
      })
    }),
    { numRuns: 600, seed: 20_261_130 },
  )
})

type Log = { what: 'started' | 'finished'; step: string }[]

const at = (log: Log, what: 'started' | 'finished', step: string): number =>
  log.findIndex((entry) => entry.what === what && entry.step === step)

/** Steps that are started run until a choice ends one of them; conditions are the words yes and no. */
function play(workflow: RouteStep[], choices: readonly number[], failing: number | null) {
  const book: Playbook = { name: 'p', path: 'p', description: null, workload: {}, workflow, expect: [] }
  const log: Log = []
  const taken: { from: string; to: string }[] = []
  let state: WorkflowState = { begun: false, steps: {} }
  let turn = 0
  for (;;) {
    const move = nextMove(book, state, new Map())
    if (move.do === 'end') return { log, taken, state, status: move.status }
    if (move.do === 'begin') state = withPhase({ ...state, begun: true }, 'start', 'entered')
    else if (move.do === 'start') {
      log.push({ what: 'started', step: move.step.step })
      state = withPhase(state, move.step.step, 'running')
    } else if (move.do === 'route') {
      for (const { step } of takenEntries(move.step.next, (when) => when === 'yes')) {
        expect(state.steps[step] ?? 'entered').toBe('entered')
        taken.push({ from: move.step.step, to: step })
        state = withPhase(state, step, 'entered')
      }
      state = withPhase(state, move.step.step, 'routed')
      for (const { step } of unreachableSteps(workflow, state)) state = withPhase(state, step, 'skipped')
    } else {
      expect(move.do).toBe('rest')
      const running = Object.keys(state.steps).filter((step) => state.steps[step] === 'running')
      const step = running[(choices[turn++] ?? 0) % running.length] ?? ''
      log.push({ what: 'finished', step })
      state = withPhase(state, step, failing !== null && step === nameOf(failing) ? 'failed' : 'finished')
    }
  }
}

function stepOf(index: number, ways: readonly Way[]): RouteStep {
  const next = ways
    .filter(({ from }) => from === index)
    .map(({ to, condition }) => ({
      step: nameOf(to),
      when: condition === 'yes' || condition === 'no' ? condition : null,
      else: condition === 'else',
    }))
  return { tool: null, step: nameOf(index), description: null, loop: null, sinks: [], next }
}

/** As a playbook's text says it. */
const asWritten = ({ step, next }: RouteStep) => ({
  step,
  next: next.map((entry) => ({
    step: entry.step,
    ...(entry.when === null ? {} : { when: entry.when }),
    ...(entry.else ? { else: true } : {}),
  })),
})
