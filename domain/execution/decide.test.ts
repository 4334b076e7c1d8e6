import { describe, expect, it } from 'vitest'
import type { NextEntry, Playbook, RouteStep, Step } from '../playbook/playbook'
import { nextMove, type Move } from './decide'
import type { LoopCounts } from './loop-window'
import { takenEntries, unreachableSteps } from './workflow-graph'
import { withPhase, type WorkflowState } from './workflow-state'

describe('nextMove', () => {
  it('begins before anything else', () => {
    expect(nextMove(playbook([route('start')]), { begun: false, steps: {} }, new Map()).do).toBe('begin')
  })

  it('walks from start over its next steps to the end', () => {
    const book = playbook([route('start', ['work']), route('work', ['end']), route('end')])
    expect(walk(book)).toEqual(['start', 'work', 'end', 'COMPLETED'])
  })

  it('runs a join once, after every branch that can still reach it', () => {
    const book = playbook([
      route('start', ['left', 'right']),
      route('join', ['end']),
      route('left', ['join']),
      route('right', ['detour']),
      route('detour', ['join']),
      route('end'),
    ])
    expect(walk(book)).toEqual(['start', 'left', 'right', 'detour', 'join', 'end', 'COMPLETED'])
  })

  it('does not wait for a branch that was not taken', () => {
    const book = playbook([
      route('start', [
        { step: 'left', when: 'yes', else: false },
        { step: 'right', when: 'no', else: false },
      ]),
      route('left', ['join']),
      route('right', ['join']),
      route('join'),
    ])
    expect(walk(book)).toEqual(['start', 'left', 'join', 'COMPLETED'])
  })

  it('starts the first of two steps that wait for each other', () => {
    const book = playbook([route('start', ['a', 'b']), route('a', ['b']), route('b', ['a'])])
    const state: WorkflowState = { begun: true, steps: { start: 'routed', a: 'entered', b: 'entered' } }
    expect(nextMove(book, state, new Map())).toMatchObject({ do: 'start', step: { step: 'a' } })
  })

  it('rests while a step runs that has nothing to hand out', () => {
    const state: WorkflowState = { begun: true, steps: { start: 'running' } }
    expect(nextMove(playbook([route('start')]), state, counts({ size: 1, released: 1 })).do).toBe('rest')
  })

  it('starts nothing new after a failure, and ends when what ran has ended', () => {
    const book = playbook([route('start', ['a', 'b']), route('a', ['c']), route('b'), route('c')])
    const failing: WorkflowState = { begun: true, steps: { start: 'routed', a: 'running', b: 'failed', c: 'entered' } }
    expect(nextMove(book, failing, new Map()).do).toBe('rest')
    expect(nextMove(book, withPhase(failing, 'a', 'finished'), new Map())).toEqual({ do: 'end', status: 'FAILED' })
  })

  it('hands out a window of iterations of a running step', () => {
    const state: WorkflowState = { begun: true, steps: { start: 'running' } }
    const move = nextMove(
      playbook([route('start')]),
      state,
      counts({ size: 5, concurrency: 2, released: 2, completed: 1 }),
    )
    expect(move).toMatchObject({ do: 'release', from: 2, to: 3 })
  })
})

describe('takenEntries', () => {
  const entry = (step: string, when: string | null, otherwise = false): NextEntry => ({ step, when, else: otherwise })
  const taken = (entries: NextEntry[]): string[] =>
    takenEntries(entries, (when) => when === 'yes').map(({ step }) => step)

  it('takes every entry whose condition holds', () => {
    expect(taken([entry('a', 'yes'), entry('b', 'no'), entry('c', null), entry('d', null, true)])).toEqual(['a', 'c'])
  })

  it('takes else only if nothing else was taken', () => {
    expect(taken([entry('a', 'no'), entry('d', null, true)])).toEqual(['d'])
    expect(taken([entry('a', 'no')])).toEqual([])
  })
})

describe('unreachableSteps', () => {
  it('names what no branch leads to any more', () => {
    const workflow = [route('start', ['a', 'b']), route('a', ['c']), route('b'), route('c')]
    const state: WorkflowState = { begun: true, steps: { start: 'routed', b: 'entered' } }
    expect(unreachableSteps(workflow, state).map(({ step }) => step)).toEqual(['a', 'c'])
  })
})

/** Plays a workflow whose conditions are the words yes and no, and every step of which succeeds at once. */
function walk(book: Playbook): string[] {
  let state: WorkflowState = { begun: false, steps: {} }
  const order: string[] = []
  for (let turn = 0; turn < 50; turn += 1) {
    const move: Move = nextMove(book, state, new Map())
    switch (move.do) {
      case 'begin':
        state = withPhase({ ...state, begun: true }, 'start', 'entered')
        break
      case 'start':
        order.push(move.step.step)
        state = withPhase(state, move.step.step, 'finished')
        break
      case 'route':
        for (const { step } of takenEntries(move.step.next, (when) => when === 'yes'))
          state = withPhase(state, step, 'entered')
        state = withPhase(state, move.step.step, 'routed')
        break
      case 'end':
        return [...order, move.status]
      default:
        return [...order, move.do]
    }
  }
  return [...order, 'endless']
}

function route(step: string, next: (string | NextEntry)[] = []): RouteStep {
  const entries = next.map((entry) => (typeof entry === 'string' ? { step: entry, when: null, else: false } : entry))
  return { tool: null, step, description: null, loop: null, sinks: [], next: entries }
}

const playbook = (workflow: Step[]): Playbook => ({
  name: 'p',
  path: 'p',
  description: null,
  workload: {},
  workflow,
  expect: [],
})

const counts = (fields: Partial<LoopCounts>): Map<string, LoopCounts> =>
  new Map([
    [
      'start',
      {
        size: null,
        concurrency: 1,
        released: 0,
        completed: 0,
        failed: 0,
        skipped: 0,
        queued: 0,
        closing: null,
        ...fields,
      },
    ],
  ])
