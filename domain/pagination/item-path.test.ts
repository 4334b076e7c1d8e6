import { describe, expect, test } from 'vitest'
import { parseBodyPath, valueAt } from './item-path'
import { placeInJson } from './place-in-json'

const BODY = {
  link: [
    { relation: 'self', url: '/1' },
    { relation: 'next', url: '/2' },
    { relation: 'next', url: '/3' },
    { 'odd.key': 5, url: '/5' },
    { deleted: false, url: '/6' },
  ],
}

describe('a path with a filter', () => {
  test.each([
    ["link[?(@.relation=='next')].url", '/2'],
    ['$.link[?@.relation == "next"].url', '/2'],
    ["link[?(@['odd.key'] == 5)].url", '/5'],
    ['link[?(@.deleted==false)].url', '/6'],
    ["link[?(@.relation=='prev')].url", undefined],
    ["link[?(@.relation=='it\\'s')].url", undefined],
  ])('%s takes the first element it holds for', (path, value) => {
    expect(valueAt(BODY, parseBodyPath(path))).toBe(value)
  })

  test.each(["link[?(@.relation=='next'", 'link[?(@.a>1)]', 'link[?(@.relation)]', "link[?(x=='y')]"])(
    '%s is refused',
    (path) => {
      expect(() => parseBodyPath(path)).toThrow(/can't be read from `\[\?/)
    },
  )

  test('names no place of a request', () => {
    expect(() => placeInJson({ a: [{ b: 1 }] }, 'a[?(@.b==1)].c', 2)).toThrow(/names no one place/)
  })
})
