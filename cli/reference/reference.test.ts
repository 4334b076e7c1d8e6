import { readFile } from 'node:fs/promises'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { atOnce } from '@/domain/in-turns'
import { analyseCollection } from '@/domain/execution/analyse-collection'
import { parsePlaybook } from '@/domain/playbook/parse-playbook'
import type { HttpStep } from '@/domain/playbook/playbook'
import { runOnWire, type WireResult } from '@/server/conformance/testing/run-on-wire'
import {
  startScriptedServer,
  type Answer,
  type Script,
  type ScriptedServer,
  type WireRequest,
} from '@/server/conformance/testing/scripted-server'
import { setVariables } from '@/server/env'
import { startSampleApi, type SampleApi } from '@/server/sample-api/sample-api'
import { ROOT } from '../prepare/root.mjs'
import { ALL_EXAMPLES, type Example } from './examples'
import { renderReference } from './render-reference'

const ROWS = [
  { id: 3, amount: 12 },
  { id: 5, amount: 40 },
  { id: 9, amount: 7 },
]
const SECRETS = { CRM_TOKEN: 't-geheim', CRM_PASSWORD: 'p-geheim', CRM_KEY: 'k-geheim', CRM_CLIENT_SECRET: 'c-geheim' }

/** The example inside a whole playbook. */
function playbookOf({ yaml }: Example): string {
  if (yaml.startsWith('apiVersion')) return yaml
  const steps = yaml.replaceAll(/^(?=.)/gm, '  ')
  return `apiVersion: noetl.io/v1
kind: Playbook
metadata: { name: example, path: reference/example }
workload: { api_url: http://127.0.0.1, rows: ${JSON.stringify(ROWS)} }
workflow:
  - step: start
    next: [{ step: fetch }]
${steps.trimEnd()}
${yaml.includes('next:') ? '' : '    next: [{ step: end }]'}
  - step: end
`
}

function httpStepOf(example: Example): HttpStep | null {
  const { playbook } = parsePlaybook(playbookOf(example))
  for (const step of playbook?.workflow ?? []) if (step.tool === 'http') return step
  return null
}

type Fetched = { items: number; stop: string; script?: Script }

const contacts = (...ids: number[]): { id: number }[] => ids.map((id) => ({ id }))
const allowed =
  (header: string, value: string) =>
  ({ headers }: WireRequest): Answer =>
    headers[header] === value ? { json: contacts(1, 2) } : { status: 401, json: {} }

/** What each example that fetches must give: from the sample API, or from an API that is scripted here. */
const FETCHED: Readonly<Record<string, Fetched>> = {
  'a whole playbook': { items: 35, stop: 'has_more_false' },
  http: { items: 5, stop: 'single_page' },
  sequential: { items: 70, stop: 'has_more_false' },
  async: { items: 8, stop: 'single_page' },
  chunked: { items: 3, stop: 'single_page' },
  mapping: { items: 35, stop: 'while_false' },
  list: { items: 35, stop: 'while_false' },
  flat: { items: 10, stop: 'single_page' },
  short: { items: 10, stop: 'single_page' },
  page: { items: 35, stop: 'has_more_false' },
  offset: { items: 35, stop: 'total_reached' },
  cursor: { items: 35, stop: 'no_next' },
  auto: { items: 35, stop: 'has_more_false' },
  none: { items: 10, stop: 'single_page' },
  stop: { items: 20, stop: 'total_reached' },
  'of a step': { items: 35, stop: 'has_more_false' },
  'of an iteration': { items: 35, stop: 'while_false' },
  'of a page': { items: 35, stop: 'has_more_false' },
  last_record: {
    items: 3,
    stop: 'has_more_false',
    script: ({ query }) =>
      query['starting_after'] === '2'
        ? { json: { data: contacts(3), has_more: false } }
        : { json: { data: contacts(1, 2), has_more: true } },
  },
  next_url: {
    items: 3,
    stop: 'no_next',
    script: ({ query }) =>
      query['after'] === '2'
        ? { json: { results: contacts(3), paging: { next: null } } }
        : { json: { results: contacts(1, 2), paging: { next: '?after=2' } } },
  },
  link: {
    items: 3,
    stop: 'no_next',
    script: ({ query }) =>
      query['after'] === '2'
        ? { json: contacts(3) }
        : { json: contacts(1, 2), headers: { link: '</v1/contacts?after=2>; rel="next"' } },
  },
  graphql: {
    items: 3,
    stop: 'has_more_false',
    script: ({ body }) => {
      const isSecond = body.includes('"cursor":"c2"')
      const pageInfo = { hasNextPage: !isSecond, endCursor: isSecond ? null : 'c2' }
      return { json: { data: { contacts: { nodes: isSecond ? contacts(3) : contacts(1, 2), pageInfo } } } }
    },
  },
  bearer: { items: 2, stop: 'single_page', script: allowed('authorization', 'Bearer t-geheim') },
  basic: { items: 2, stop: 'single_page', script: allowed('authorization', `Basic ${btoa('reader:p-geheim')}`) },
  api_key: { items: 2, stop: 'single_page', script: allowed('x-api-key', 'k-geheim') },
  oauth2_client_credentials: {
    items: 2,
    stop: 'single_page',
    script: (request) => {
      if (request.path !== '/oauth/token') return allowed('authorization', 'Bearer a-token')(request)
      return { json: { access_token: 'a-token', token_type: 'Bearer', expires_in: 3600 } }
    },
  },
}

describe('the reference', () => {
  let sample: SampleApi | undefined
  let scripted: ScriptedServer | undefined
  beforeAll(async () => {
    setVariables({ PAGETURNER_ALLOW_HOSTS: '127.0.0.1:*,localhost:*' })
    sample = await startSampleApi({ host: '127.0.0.1', port: 0 })
    scripted = await startScriptedServer()
  })
  afterAll(async () => {
    await sample?.close()
    await scripted?.close()
  })

  test('on disk is what `npm run reference` writes', async () => {
    expect(await readFile(path.join(ROOT, 'docs/playbook-reference.md'), 'utf8')).toBe(renderReference())
  })

  test.each(ALL_EXAMPLES)('parses its example $name without a diagnostic', (example) => {
    expect(parsePlaybook(playbookOf(example)).diagnostics).toEqual([])
  })

  test('says what each of its examples that fetch gives', () => {
    const fetching = ALL_EXAMPLES.filter((example) => httpStepOf(example) !== null).map(({ name }) => name)
    expect(fetching.toSorted()).toEqual(Object.keys(FETCHED).toSorted())
  })

  test.each(Object.entries(FETCHED))('runs its example %s', async (name, { items, stop, script }) => {
    const step = ALL_EXAMPLES.flatMap((each) => (each.name === name ? [httpStepOf(each)] : []))[0]
    if (step === undefined || step === null || sample === undefined || scripted === undefined) throw new Error(name)
    if (script !== undefined) scripted.play(script)
    const api = script === undefined ? sample.url : scripted.api
    const results = await runElements(step, { workload: { api_url: api, rows: ROWS } })
    expect(results.map(({ state }) => (state.status === 'completed' ? state.stopReason : state))).toEqual(
      results.map(() => stop),
    )
    expect(results.flatMap((result) => result.items)).toHaveLength(items)
  })
})

async function runElements(step: HttpStep, scope: Record<string, unknown>): Promise<WireResult[]> {
  const run = (more: Record<string, unknown>): Promise<WireResult> =>
    runOnWire({ step, scope: { ...scope, ...more }, secrets: SECRETS })
  if (step.loop === null) return [await run({})]
  const { loop } = step
  const { elements } = atOnce(analyseCollection(step.step, loop, scope))
  const results: WireResult[] = []
  for (const element of elements) results.push(await run({ [loop.element]: element }))
  return results
}
