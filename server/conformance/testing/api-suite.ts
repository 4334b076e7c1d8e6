import { describe, expect, test } from 'vitest'
import { isObject } from '@/domain/pagination/item-path'
import { detectPagination } from '@/server/playbooks/detect-pagination'
import { ownServer } from './own-server'
import { endOf, runOnWire, stepOf, type WireResult } from './run-on-wire'
import type { Answer, WireRequest } from './scripted-server'

/** A widely used API as its reference describes it: what is asked for, what it answers, and what must come of both ways to page it. */
export type Api = {
  name: string
  /** Lines of the http step without its paging. */
  step?: string
  /** The paging as somebody writes it who has read the reference. */
  explicit: string
  /** Why that ends, of no items, one page, and three. */
  ends: string | readonly [none: string, one: string, three: string]
  /** A warning that the reference can't keep from coming. */
  warns?: string
  /** The answer to a request where there are so many items. */
  serve: (request: WireRequest, total: number) => Answer
  /** `single`: everything in one answer. */
  auto: Found | { refused: RegExp } | { single: true }
}

/** What `auto` finds out from three pages. */
type Found = {
  choice: object
  /** Also without the parameters of the step. */
  bare?: boolean
  /** One full page, of which nothing says that it is all: that is told. */
  unsure?: boolean
}

const TOTALS = [0, 10, 23] as const

/** Pages every API by its reference and by `auto`, whose explicit block is run as well: every item once, whatever their number. */
export function apiSuite(title: string, apis: readonly Api[]): void {
  describe(title, () => {
    const server = ownServer()

    const run = (api: Api, paging: string, total: number, step = api.step ?? ''): Promise<WireResult> => {
      server().play((request) => api.serve(request, total))
      const scope = { workload: { api: server().api, other: server().other } }
      return runOnWire({ step: stepOf(`${step}\n${paging}`), scope })
    }

    /** The explicit block that the editor writes for what it finds out. */
    const proposedFor = async (api: Api): Promise<string> => {
      server().play((request) => api.serve(request, 23))
      const content = textOf(api.step ?? '', server().api)
      const gone = new AbortController().signal
      const { yaml, reason } = await detectPagination({ content, step: 'fetch', element_index: 0, workload: {} }, gone)
      if (yaml === null) throw new Error(reason ?? 'nothing was found')
      return yaml
    }

    test.each(apis)('$name, by its reference', async (api) => {
      const ends = typeof api.ends === 'string' ? TOTALS.map(() => api.ends) : api.ends
      for (const [index, total] of TOTALS.entries()) {
        const result = await run(api, api.explicit, total)
        expect
          .soft([total, endOf(result), warningsOf(result)])
          .toEqual([total, ends[index], api.warns === undefined ? [] : [api.warns]])
        if (result.state.status === 'completed') expect.soft(numbersOf(result)).toEqual(upTo(total))
      }
    })

    test.each(apis.filter(({ auto }) => 'refused' in auto))('$name, refused by auto', async (api) => {
      const result = await run(api, AUTO, 23)
      const { state } = result
      expect(state.status === 'failed' ? state.error.message : warningsIn(result)).toMatch(
        'refused' in api.auto ? api.auto.refused : '',
      )
      expect(numbersOf(result)).toEqual(upTo(state.progress.items))
    })

    test.each(apis.filter(({ auto }) => 'single' in auto))('$name, one page for auto', async (api) => {
      for (const total of TOTALS) {
        const result = await run(api, AUTO, total)
        expect([endOf(result), warningsOf(result), numbersOf(result)]).toEqual(['single_page', [], upTo(total)])
      }
    })

    test.each(apis.flatMap((api) => ('choice' in api.auto ? [{ ...api, found: api.auto }] : [])))(
      '$name, found out by auto',
      async ({ found, ...api }) => {
        const result = await run(api, AUTO, 23)
        expect([endOf(result), warningsOf(result), numbersOf(result)]).toEqual([expect.any(String), [], upTo(23)])
        expect(noteOf(result)).toMatchObject({ proved: true, choice: found.choice })
        for (const total of [0, 10]) {
          const other = await run(api, AUTO, total)
          const warnings = total > 0 && found.unsure === true ? ['more_available'] : []
          expect.soft([numbersOf(other), warningsOf(other)]).toEqual([upTo(total), warnings])
        }
        const block = await proposedFor(api)
        for (const total of [0, 20]) {
          const other = await run(api, block, total)
          expect.soft([numbersOf(other), warningsOf(other)]).toEqual([upTo(total), []])
        }
        if (found.bare !== true) return
        const bare = await run(api, AUTO, 23, api.step?.replace(/^params:.*$/m, ''))
        expect.soft([numbersOf(bare), noteOf(bare)]).toMatchObject([upTo(23), { proved: true, choice: found.choice }])
      },
    )
  })
}

const AUTO = 'paginate: { type: auto }'

const upTo = (total: number): number[] => Array.from({ length: total }, (_, index) => index + 1)

/** The only number in each item. */
const numbersOf = ({ items }: WireResult): number[] =>
  items.map((item) => Number(/\d+/.exec(JSON.stringify(item))?.[0]))

const warningsOf = ({ state }: WireResult): string[] => state.progress.warnings.map(({ kind }) => kind)

const warningsIn = ({ state }: WireResult): string => state.progress.warnings.map(({ message }) => message).join('\n')

const noteOf = ({ pages }: WireResult): Record<string, unknown> | undefined =>
  pages.flatMap(({ next }) => (isObject(next['auto']) ? [next['auto']] : [])).at(-1)

/** The playbook as the editor has it, whose step pages by nothing yet. */
const textOf = (step: string, api: string): string => `apiVersion: noetl.io/v1
kind: Playbook
metadata: { name: t, path: t }
workload: { api: "${api}" }
workflow:
  - step: start
    next: [{ step: fetch }]
  - step: fetch
    tool: http
${(/^url:/m.test(step) ? step : `url: "{{ workload.api }}/items"\n${step}`).replaceAll(/^/gm, '    ')}
`
