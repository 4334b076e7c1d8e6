import { describe, expect, it } from 'vitest'
import type { JsonObject } from '../../json'
import { parsePlaybook } from '../parse-playbook'
import { patchPaginate } from './patch-paginate'
import { applyEdit } from './text-patch'

const playbook = (step: string): string => `# of the team
apiVersion: noetl.io/v1
kind: Playbook
metadata: { name: t, path: t }   # both
workflow:
  - step: start
    next: [{ step: fetch }, { step: end }]
  # all of it
${step}
  - step: end
`
const BLOCK = { type: 'offset', param: 'skip', start: 0, stop: { total_items_path: 'total' } }

const patched = (step: string, block: JsonObject = BLOCK): string => {
  const text = playbook(step)
  const edit = patchPaginate(text, 'fetch', block)
  if (edit === null) throw new Error('no edit')
  const after = applyEdit(text, edit)
  expect(parsePlaybook(after).diagnostics).toEqual([])
  return after
}

describe('patchPaginate', () => {
  it.each<[string, string, string]>([
    [
      'behind the request',
      `  - step: fetch
    tool: http
    url: https://a.test/items   # theirs
    # where to go
    next: [{ step: end }]`,
      `  - step: fetch
    tool: http
    url: https://a.test/items   # theirs
    paginate:
      type: offset
      param: skip
      start: 0
      stop:
        total_items_path: total
    # where to go
    next: [{ step: end }]`,
    ],
    [
      'behind an object on lines of its own',
      `  - step: fetch
    tool: http
    url: https://a.test/items
    params:
      a: 1
      b: 2   # why

    next: [{ step: end }]`,
      `  - step: fetch
    tool: http
    url: https://a.test/items
    params:
      a: 1
      b: 2   # why
    paginate:
      type: offset
      param: skip
      start: 0
      stop:
        total_items_path: total

    next: [{ step: end }]`,
    ],
    [
      'on one line where the step is on one line',
      `  - { step: fetch, tool: http, url: "https://a.test/items", next: [{ step: end }] }`,
      `  - { step: fetch, tool: http, url: "https://a.test/items", paginate: { type: offset, param: skip, start: 0, stop: { total_items_path: total } }, next: [{ step: end }] }`,
    ],
    [
      'into a block of type auto, whose own keys and comments stay',
      `  - step: fetch
    tool: http
    url: https://a.test/items
    paginate:
      type: auto   # find it out
      interval: 2
      stop:
        # enough
        max_pages: 5
    next: [{ step: end }]`,
      `  - step: fetch
    tool: http
    url: https://a.test/items
    paginate:
      type: offset   # find it out
      interval: 2
      stop:
        # enough
        max_pages: 5
        total_items_path: total
      param: skip
      start: 0
    next: [{ step: end }]`,
    ],
    [
      'into a block on one line',
      `  - step: fetch
    tool: http
    url: https://a.test/items
    paginate: { type: auto } # later`,
      `  - step: fetch
    tool: http
    url: https://a.test/items
    paginate: { type: offset, param: skip, start: 0, stop: { total_items_path: total } } # later`,
    ],
  ])('writes %s', (_where, before, after) => {
    expect(patched(before)).toBe(playbook(after))
  })

  it('keeps what the author wrote, which wins', () => {
    const step = (block: string): string => `  - step: fetch
    tool: http
    url: https://a.test/items
    paginate: ${block}`
    const block = { ...BLOCK, stop: { ...BLOCK.stop, status_codes: [404] } }
    expect(patched(step('{ type: auto, stop: { total_items_path: all, status_codes: [404] } }'), block)).toBe(
      playbook(step('{ type: offset, stop: { total_items_path: all, status_codes: [404] }, param: skip, start: 0 }')),
    )
  })

  it('quotes what would be read as something else', () => {
    const step = `  - step: fetch
    tool: http
    url: https://a.test/items`
    expect(patched(step, { ...BLOCK, param: 'a: {b}' })).toContain('param: "a: {b}"')
    const flow = '  - { step: fetch, tool: http, url: "https://a.test/items" }'
    expect(patched(flow, { ...BLOCK, param: "['x, y']" })).toContain(`param: "['x, y']"`)
  })

  it.each([
    ['a step that isn’t there', playbook('  - { step: other, tool: http, url: "https://a.test" }')],
    [
      'a block that is an alias',
      playbook('  - { step: fetch, tool: http, url: "https://a.test", paginate: *p }').replace(
        'metadata:',
        'workload: { p: &p { type: auto } }\nmetadata:',
      ),
    ],
    ['a text that can’t be read', 'workflow: ['],
  ])('leaves %s alone', (_what, text) => {
    expect(patchPaginate(text, 'fetch', BLOCK)).toBeNull()
  })
})
