import { describe, expect, it } from 'vitest'
import { changedParams, sentRequest, toCurl } from './sent-request'

describe('sentRequest', () => {
  it('puts the stored parameters behind the address, masked ones too', () => {
    const stored = { url: '•••/users', params: { page: 2, tag: ['a', 'b'], key: '•••' } }
    expect(sentRequest(stored).url).toBe('•••/users?page=2&tag=a&tag=b&key=•••')
  })
})

describe('toCurl', () => {
  it('writes method, headers and body', () => {
    const request = sentRequest({
      method: 'POST',
      url: 'http://a/b?page=1',
      headers: { Accept: 'application/json' },
      body: { a: 1 },
    })
    expect(toCurl(request)).toBe(
      `curl -X POST 'http://a/b?page=1' \\\n  -H 'Accept: application/json' \\\n  --data-raw '{\n  "a": 1\n}'`,
    )
  })

  it('cannot be left by a quote in the data', () => {
    expect(toCurl(sentRequest({ url: `http://a/'; rm -rf ~ #` }))).toBe(`curl 'http://a/'\\''; rm -rf ~ #'`)
  })
})

describe('changedParams', () => {
  it('names what changed, came and went', () => {
    expect(changedParams('http://a/?page=2&size=10&old=1', 'http://a/?page=3&size=10&cursor=x')).toEqual([
      { name: 'page', before: '2', after: '3' },
      { name: 'old', before: '1', after: null },
      { name: 'cursor', before: null, after: 'x' },
    ])
  })
})
