import { describe, expect, it } from 'vitest'
import type { HttpRequest } from '@/domain/http-message'
import { decideRedirect, secretsSent } from './decide-redirect'
import { requestFor } from './testing/connector'

const decide = (changes: Partial<HttpRequest>, status: number, location?: string, hops = 0) => {
  const request = requestFor('https://api.example/v1/items?key=s3', changes)
  return decideRedirect({
    request,
    status,
    location,
    firstOrigin: 'https://api.example',
    hops,
    secrets: secretsSent(request),
  })
}

describe('a redirect', () => {
  it.each([
    [301, 'POST', 'GET'],
    [302, 'POST', 'GET'],
    [303, 'POST', 'GET'],
    [303, 'PUT', 'GET'],
    [303, 'HEAD', 'HEAD'],
    [301, 'PUT', 'PUT'],
    [302, 'DELETE', 'DELETE'],
    [307, 'POST', 'POST'],
    [308, 'PATCH', 'PATCH'],
    [302, 'GET', 'GET'],
  ] as const)('%i turns %s into %s', (status, method, expected) => {
    const decision = decide(
      {
        method,
        body: method === 'GET' || method === 'HEAD' ? null : 'x',
        headers: { 'Content-Type': 'text/plain', a: 'b' },
      },
      status,
      '/there',
    )
    expect(decision).toMatchObject({ do: 'follow', request: { method: expected, url: 'https://api.example/there' } })
    if (decision.do !== 'follow') return
    const kept = method === expected
    expect(decision.request.body).toBe(kept && method !== 'GET' && method !== 'HEAD' ? 'x' : null)
    expect(Object.keys(decision.request.headers)).toEqual(kept ? ['Content-Type', 'a'] : ['a'])
  })

  it.each([
    [200, '/x'],
    [300, '/x'],
    [304, '/x'],
    [302, undefined],
  ] as const)('is not what %i with Location %s is', (status, location) => {
    expect(decide({}, status, location)).toEqual({ do: 'return' })
  })

  it.each([
    ['other', 'https://api.example/v1/other'],
    ['../up', 'https://api.example/up'],
    ['?page=2', 'https://api.example/v1/items?page=2'],
    ['//api.example/abs', 'https://api.example/abs'],
    ['https://me:pw@api.example/x#part', 'https://api.example/x'],
  ])('resolves %s against the request', (location, url) => {
    expect(decide({}, 302, location)).toMatchObject({ do: 'follow', request: { url } })
  })

  it.each([
    ['https://evil.example/', 'cross_origin_denied', 'https://evil.example'],
    ['http://api.example/', 'cross_origin_denied', 'http://api.example'],
    ['https://api.example:8443/', 'cross_origin_denied', 'cross_origin'],
    ['file:///etc/passwd', 'cross_origin_denied', 'file:'],
    ['javascript:alert(1)', 'cross_origin_denied', 'javascript:'],
    ['https://', 'decode', 'no URL'],
  ])('to %s is refused as %s', (location, failure, message) => {
    expect(decide({}, 302, location)).toMatchObject({
      do: 'refuse',
      failure,
      message: expect.stringContaining(message),
    })
  })

  it('is followed five times, not six', () => {
    expect(decide({}, 302, '/x', 4)).toMatchObject({ do: 'follow' })
    expect(decide({}, 302, '/x', 5)).toMatchObject({ do: 'refuse', failure: 'redirect_limit' })
  })

  it('to an allowed origin loses everything that holds a secret, and says so', () => {
    const headers = { Authorization: 'Bearer s1', cookie: 'a=s2', 'X-API-Key': 's3', accept: 'text/csv' }
    const changes = {
      headers,
      secretHeaders: ['x-api-key'],
      secretParams: ['key'],
      crossOrigin: ['https://files.example'],
    }
    expect(decide(changes, 302, 'https://files.example/a?key=s3&b=1')).toEqual({
      do: 'follow',
      credentialsStripped: true,
      request: { ...requestFor('https://files.example/a?b=1', changes), headers: { accept: 'text/csv' } },
    })
    expect(decide(changes, 302, '/same?key=s3')).toMatchObject({
      do: 'follow',
      credentialsStripped: false,
      request: { headers, url: 'https://api.example/same?key=s3' },
    })
  })

  it('to an allowed origin loses a secret under whatever name the API gives it back, and is refused with one in its path', () => {
    const changes = {
      headers: { Authorization: 'Bearer s1-of/ours', 'X-API-Key': 's2-of-ours', 'X-Short': 'abc' },
      secretHeaders: ['x-api-key', 'x-short'],
      secretParams: ['key'],
      crossOrigin: ['https://files.example'],
    }
    const request = requestFor('https://api.example/?key=s3-of-ours', changes)
    const to = (location: string) =>
      decideRedirect({
        request: requestFor('https://api.example/second', changes),
        status: 302,
        location: `https://files.example${location}`,
        firstOrigin: 'https://api.example',
        hops: 1,
        secrets: secretsSent(request),
      })
    const kept = { do: 'follow', credentialsStripped: true, request: { url: 'https://files.example/a?b=abc' } }
    expect(to('/a?token=s1-of%2Fours&b=abc')).toMatchObject(kept)
    expect(to('/a?b=abc&k=<s2-of-ours>&k=1')).toMatchObject(kept)
    expect(to('/a?apikey=s3-of-ours&b=abc')).toMatchObject(kept)
    for (const path of ['/s1-of%2Fours/a', '/a/s2-of-ours', '/a?s3-of-ours', '/s%33-of-ours?s4=%'])
      expect(to(path)).toMatchObject({ do: 'refuse', failure: 'cross_origin_denied', code: 'SECRET_URL_REDIRECT' })
    expect(to('/abc/%zz?q=%zz')).toMatchObject({ do: 'follow' })
  })

  it('never carries a body with a secret to another origin', () => {
    const changes = {
      method: 'POST',
      body: '{"key":"s"}',
      secretBody: true,
      crossOrigin: ['https://files.example/'],
    } as const
    expect(decide(changes, 307, 'https://files.example/a')).toMatchObject({
      do: 'refuse',
      failure: 'cross_origin_denied',
      code: 'SECRET_BODY_REDIRECT',
    })
    expect(decide(changes, 303, 'https://files.example/a')).toMatchObject({ do: 'follow', request: { body: null } })
  })
})
