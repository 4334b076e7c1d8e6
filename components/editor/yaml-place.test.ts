import { describe, expect, it } from 'vitest'
import { yamlPlace } from './yaml-place'

/** The bar is the cursor. */
const placeIn = (text: string) => yamlPlace(text.replace('|', ''), text.indexOf('|'))

const PLAYBOOK = `apiVersion: noetl.io/v1
metadata:
  name: a
workflow:
  - step: start
    next: [{ step: fetch }]
  - step: fetch
    tool: http
    loop:
      collection: "{{ workload.endpoints }}"
`

describe('yamlPlace', () => {
  it('knows a key at the root and what stands there already', () => {
    expect(placeIn(`${PLAYBOOK}exp|`)).toEqual({
      path: [],
      at: { kind: 'key', siblings: ['workflow', 'metadata', 'apiVersion'], written: { apiVersion: 'noetl.io/v1' } },
      word: 'exp',
      from: PLAYBOOK.length,
    })
  })

  it('knows a key of an item of a list', () => {
    expect(placeIn(`${PLAYBOOK}    re|`)).toMatchObject({
      path: ['workflow', '*'],
      at: { kind: 'key', siblings: ['loop', 'tool', 'step'], written: { tool: 'http', step: 'fetch' } },
      word: 're',
    })
  })

  it('knows the keys after the cursor too', () => {
    expect(placeIn('metadata:\n  |\n  name: a\nworkflow: []')).toMatchObject({ at: { siblings: ['name'] } })
  })

  it('knows a key of a nested mapping, and the first key of an item', () => {
    expect(placeIn(`${PLAYBOOK}      m|`)).toMatchObject({
      path: ['workflow', '*', 'loop'],
      at: { kind: 'key', siblings: ['collection'] },
    })
    expect(placeIn(`${PLAYBOOK}  - s|`)).toMatchObject({ path: ['workflow', '*'], at: { kind: 'key', siblings: [] } })
  })

  it('takes a list that is not indented', () => {
    expect(placeIn('workflow:\n- step: a\n  |')).toMatchObject({
      path: ['workflow', '*'],
      at: { kind: 'key', siblings: ['step'] },
    })
  })

  it('knows whose value is being written', () => {
    expect(placeIn(`${PLAYBOOK}    method: P|`)).toMatchObject({
      path: ['workflow', '*'],
      at: { kind: 'value', key: 'method' },
      word: 'P',
    })
  })

  it('reads into braces on one line', () => {
    expect(placeIn(`${PLAYBOOK}    next: [{ step: st|`)).toMatchObject({
      path: ['workflow', '*', 'next', '*'],
      at: { kind: 'value', key: 'step' },
      word: 'st',
    })
    expect(placeIn(`${PLAYBOOK}    params: { pa|`)).toMatchObject({
      path: ['workflow', '*', 'params'],
      at: { kind: 'key' },
      word: 'pa',
    })
  })

  it('is silent in a comment', () => {
    expect(placeIn('a: 1 # som|')).toBeNull()
  })
})
