import { afterEach, beforeEach, expect, it } from 'vitest'
import { atOnce } from '../in-turns'
import { budgetAtOnce } from '../playbook/template/budget'
import { evaluateTemplate } from '../playbook/template/evaluate-template'
import { analyseCollection } from './analyse-collection'
import { compileElementPlan } from './element-plan'
import { errorPolicy, httpStep, paginate } from './testing/http-step'
import { runScenario } from './testing/run-scenario'

/** Leases last 10 s: what nothing has its turn in between of may not take as long. */
const MOST_CPU_MS = 8_000
/** Half and more of what one evaluation may spend; '', which does not hold. */
const WORK = '{% for i in range(700) %}{% for j in range(700) %}{% endfor %}{% endfor %}'
const TOO_MUCH = 'does too much work'

let began: NodeJS.CpuUsage
beforeEach(() => (began = process.cpuUsage()))
afterEach(() => {
  expect(process.cpuUsage(began).user / 1000).toBeLessThan(MOST_CPU_MS)
})

const compile = (changes: Parameters<typeof httpStep>[0]) =>
  compileElementPlan({ step: httpStep(changes), index: 0, scope: {}, secrets: new Map() })

it('has work that two and not four times fit into what is spent at once', () => {
  const budget = budgetAtOnce()
  for (let turn = 0; turn < 2; turn++) evaluateTemplate(WORK, {}, budget)
  expect(() => [WORK, WORK].map((work) => evaluateTemplate(work, {}, budget))).toThrow(TOO_MUCH)
})

it.each([
  ['cross_origin', { crossOrigin: Array.from({ length: 20 }, () => `https://a.test${WORK}`) }],
  ['each part of a request', { url: `https://a.test${WORK}`, params: { a: WORK }, headers: { b: WORK }, json: WORK }],
  [
    'auth',
    { url: `https://a.test${WORK}`, method: `GET${WORK}`, auth: { type: 'basic', username: WORK, password: WORK } },
  ],
] as const)('shares what the templates of a request may spend: %s', (_where, changes) => {
  expect(() =>
    compile({ ...changes, ...('crossOrigin' in changes && { crossOrigin: [...changes.crossOrigin] }) }),
  ).toThrow(TOO_MUCH)
})

it('shares what the conditions of a page may spend', () => {
  const step = httpStep({
    failWhen: WORK,
    pagination: paginate('page', { filter: `x${WORK}`, stop: { when: WORK, itemWhen: WORK } }),
  })
  const { state } = runScenario({ step, script: [{ json: { data: [1] } }] })
  expect(state).toMatchObject({
    status: 'failed',
    error: { kind: 'template', message: expect.stringContaining(TOO_MUCH) },
  })
})

it('shares what the policies of a failure may spend', () => {
  const step = httpStep({ retry: { onError: Array.from({ length: 20 }, () => errorPolicy({ when: WORK })) } })
  const { state } = runScenario({ step, script: [{ status: 500 }] })
  expect(state).toMatchObject({
    status: 'failed',
    error: { kind: 'template', message: expect.stringContaining(TOO_MUCH) },
  })
})

it('shares what the settings of a loop may spend', () => {
  const loop = {
    collection: ['a', WORK],
    element: 'item',
    mode: 'async' as const,
    concurrency: `{{ 1 }}${WORK}`,
    chunkSize: null,
    where: null,
    orderBy: null,
    limit: `${WORK}1`,
    onFailure: 'fail' as const,
  }
  const { elements } = atOnce(analyseCollection('fetch', { ...loop, concurrency: 1 }, {}))
  expect(elements).toEqual(['a'])
  expect(() => atOnce(analyseCollection('fetch', loop, {}))).toThrow(
    `loop.concurrency of step "fetch": this template ${TOO_MUCH}`,
  )
})
