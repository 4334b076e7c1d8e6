import { describe, expect, test } from 'vitest'
import type { Collect } from '../playbook/pagination-plan'
import { collectPages } from './collect-pages'
import { httpStep, onSuccess } from './testing/http-step'
import { runScenario, type Answer } from './testing/run-scenario'

const ANSWERS: Answer[] = [
  { json: { data: [{ id: 1 }, { id: 2 }, { id: 3 }], more: true } },
  { json: { data: [{ id: 4 }, { id: 5 }], more: true } },
  { json: { data: [{ id: 6 }], more: false } },
]

function run(collect: Collect | null) {
  const step = httpStep({
    pagination: onSuccess({
      while: '{{ response.more }}',
      nextCall: { params: { page: '{{ response.data[0].id }}' } },
      collect,
    }),
  })
  const { pages, events, state } = runScenario({ step, script: ANSWERS }, () => true)
  return { value: collectPages(step, pages), pages, events, items: state.progress.items }
}

const by = (strategy: Collect['strategy'], path = 'data'): Collect => ({ strategy, path, into: null })

describe('collect', () => {
  test('append joins the items of all pages', () => {
    const { value, items } = run(by('append'))
    expect(value).toEqual([1, 2, 3, 4, 5, 6].map((id) => ({ id })))
    expect(items).toBe(6)
  })

  test('replace keeps the last page and counts its items, page by page', () => {
    const { value, items, pages, events } = run(by('replace'))
    expect(value).toEqual([{ id: 6 }])
    expect(items).toBe(1)
    expect(pages.map(({ itemCount, replacedItems }) => [itemCount, replacedItems])).toEqual([
      [3, 0],
      [2, 3],
      [1, 2],
    ])
    expect(events.map(({ context }) => context['replaced_items'])).toEqual([undefined, 3, 2])
  })

  test('collect makes a list of pages, each of which is one item', () => {
    const { value, items } = run(by('collect'))
    expect(value).toEqual([[{ id: 1 }, { id: 2 }, { id: 3 }], [{ id: 4 }, { id: 5 }], [{ id: 6 }]])
    expect(items).toBe(3)
  })

  test('collect of whole bodies makes a list of bodies', () => {
    expect(run(by('collect', '')).value).toEqual(ANSWERS.map((answer) => ('json' in answer ? answer.json : null)))
  })

  test('replace with a last page that has no items leaves none', () => {
    const step = httpStep({
      pagination: onSuccess({
        while: '{{ response.more }}',
        nextCall: { params: { page: '2' } },
        collect: by('replace'),
      }),
    })
    const { pages, state } = runScenario({ step, script: [ANSWERS[0] ?? {}, { status: 204 }] })
    expect(collectPages(step, pages)).toEqual([])
    expect(state.progress.items).toBe(0)
  })
})
