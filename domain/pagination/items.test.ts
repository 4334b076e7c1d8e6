import { describe, expect, test } from 'vitest'
import { itemsPathOf, readItems } from './items'
import { PageFault } from './page-fault'

const objects = [{ id: 1 }, { id: 2 }]

/** What a page without `items` in its playbook is taken for: the path of its items, or how many there are. */
const GUESSES: [what: string, body: unknown, found: string[] | number][] = [
  ['the body itself', objects, []],
  ['a usual name beside other lists', { included: objects, tags: ['x'], data: objects }, ['data']],
  ['a usual name in capitals', { schemas: ['urn:x'], Items: objects }, ['Items']],
  ['the only list, links and schemas left aside', { schemas: ['urn:x'], _links: [{ rel: 'self' }], Resources: objects }, ['Resources']],
  ['an empty list, links and schemas left aside', { schemas: ['urn:x'], _links: [{ rel: 'self' }], Resources: [] }, ['Resources']],
  ['a list deep inside (GraphQL)', { data: { repository: { issues: { totalCount: 2, nodes: objects } } } }, ['data', 'repository', 'issues', 'nodes']],
  ['the list beside the page size, not the people it names', { users: objects, groups: [], topic_list: { per_page: 30, tags: [], topics: objects } }, ['topic_list', 'topics']],
  ['nothing where the list beside the page size is empty', { users: objects, topic_list: { per_page: 30, tags: [], topics: [] } }, 0],
  ['texts beside a count', { result: { count: '2', idlist: ['1', '2'], translations: [] } }, ['result', 'idlist']],
  ['the outer of two', { users: objects, linked: { groups: objects } }, ['users']],
  ['nothing where the list is null', { success: true, data: null }, 0],
  ['nothing where the API counts nothing and leaves its list out', { meta: { result_count: 0 } }, 0],
  ['nothing where a bundle counts nothing', { id: 'b', total: 0, link: [{ relation: 'self', url: 'x' }] }, 0],
  ['nothing in an empty object', {}, 0],
  ['one item in an object without a list', { id: 7, name: 'x', count: 0 }, 1],
] // prettier-ignore

describe('a page whose items are guessed', () => {
  test.each(GUESSES)('has %s', (_, body, found) => {
    const { items, path } = readItems(body, null, 1, true)
    if (typeof found === 'number') expect(items).toHaveLength(found)
    else expect(path).toEqual(found)
  })

  test('is refused, with the lists that it has, where several may be meant', () => {
    const read = (): unknown => readItems({ users: objects, groups: objects, next_page: null }, null, 2, true)
    expect(read).toThrow(PageFault)
    expect(read).toThrow("which list has the items can't be told on page 2: `users`, `groups`")
  })

  test('is one item with all its lists where a step asks for one answer only', () => {
    expect(readItems({ id: 1, parts: objects, notes: objects }, null, 1).items).toHaveLength(1)
  })
})

describe('a page without the list that its playbook names', () => {
  const ITEMS = itemsPathOf('Resources')

  test.each([
    [{ totalResults: 0, startIndex: 1 }],
    [{ meta: { result_count: 0 } }],
    [{ page: { totalElements: '0', size: 10 } }],
  ])('is empty where it counts nothing: %j', (body) => {
    expect(readItems(body, ITEMS, 1).items).toEqual([])
  })

  test.each([[{}], [{ total: 3 }], [{ total: 0, count: 3 }], [{ error: 'x', total: 0 }], [{ message: 'x' }]])(
    'is at fault where it does not: %j',
    (body) => {
      expect(() => readItems(body, ITEMS, 1)).toThrow('items path `Resources` is missing')
    },
  )
})
