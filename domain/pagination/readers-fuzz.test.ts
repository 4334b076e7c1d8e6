import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { DomainError } from '../domain-error'
import { readAskedWait } from '../retry/asked-wait'
import { pathText, readClues } from './auto/clues'
import { proposePagination } from './auto/propose-pagination'
import { findSent, readSent } from './auto/sent-values'
import { buildUrl } from './build-url'
import { parseBodyPath, readBodyPath } from './item-path'
import { readItems } from './items'
import { findLink, parseLinkHeader } from './link-header'
import { resolveNextUrl } from './next-url'
import { PageFault } from './page-fault'
import { placeInJson } from './place-in-json'

/** The same values each time: what a change is refused for must be the change. */
fc.configureGlobal({ seed: 20_261_124 })

/** What may be thrown over an API's answer or a playbook's path; anything else is a bug. */
const isFault = (error: unknown): boolean => error instanceof PageFault || error instanceof DomainError
const orFault = <T>(read: () => T): T | 'fault' => {
  try {
    return read()
  } catch (error) {
    if (isFault(error)) return 'fault'
    throw error
  }
}

const key = fc.oneof(
  fc.string({ minLength: 1, maxLength: 8 }),
  fc.constantFrom('data', 'items', 'a.b', '@odata.next', "it's", '$', '[0]', '__proto__', 'toString'),
)
const space = fc.constantFrom('', ' ', '\t ')
const text = fc.oneof(
  fc.string(),
  fc.string({ unit: fc.constantFrom(...'<>;,="\\ rel next/?&#%:@.[]\'$*\t'.split('')) }),
)

describe('item paths', () => {
  test('lead to what lies at any keys, once these are written as a path', () => {
    fc.assert(
      fc.property(fc.array(key, { minLength: 1, maxLength: 5 }), fc.jsonValue(), (keys, leaf) => {
        const body = keys.reduceRight<unknown>((inner, name) => Object.fromEntries([[name, inner]]), leaf)
        const reading = readBodyPath(body, parseBodyPath(pathText(keys)))
        expect(reading.found ? [reading.value, reading.path] : reading).toEqual([leaf, keys])
      }),
      { numRuns: 2_000 },
    )
  }, 60_000)

  test('are read, or refused as a fault of the playbook, whatever they are', () => {
    fc.assert(
      fc.property(text, fc.jsonValue(), (path, body) => {
        const parsed = orFault(() => parseBodyPath(path))
        if (parsed !== 'fault') orFault(() => readItems(body, parsed, 1))
      }),
      { numRuns: 3_000 },
    )
  }, 60_000)

  test('find a key with a dot although the part before the dot is a key too', () => {
    expect(readBodyPath({ page: { size: 2 }, 'page.total': 3 }, parseBodyPath('page.total'))).toMatchObject({
      value: 3,
    })
  })

  test('never lead to anything inherited', () => {
    for (const path of ['toString', 'constructor.name', '__proto__', 'data.length', "['hasOwnProperty']"])
      expect(readBodyPath({ data: [] }, parseBodyPath(path)).found).toBe(false)
  })
})

describe('Link headers', () => {
  const target = fc
    .string({ maxLength: 20 })
    .map((value) => encodeURI(value.replaceAll(/\p{Surrogate}/gu, '')).replaceAll('>', ''))
  const quoted = fc.string({ maxLength: 12 }).map((value) => `"${value.replaceAll(/["\\]/g, '\\$&')}"`)
  const relation = fc.constantFrom('next', 'NEXT', 'Next')
  const filler = fc.record({ name: fc.constantFrom('title', 'type', 'hreflang', 'title*', 'media'), value: quoted })
  const rel = fc.oneof(
    relation,
    relation.map((name) => `"${name}"`),
    relation.map((name) => `"prev ${name}  last"`),
  )

  test('give the next target in every legal spelling', () => {
    fc.assert(
      fc.property(
        target,
        rel,
        fc.array(filler, { maxLength: 3 }),
        fc.array(filler, { maxLength: 3 }),
        space,
        (url, next, before, after, pad) => {
          const params = [
            ...before.map(({ name, value }) => `${name}=${value}`),
            `rel${pad}=${pad}${next}`,
            ...after.map(({ name, value }) => `${name}=${value}`),
          ]
          const header = `<https://x.test/1>${pad};rel=prev${pad},${pad}<${url}>${params.map((param) => `${pad};${pad}${param}`).join('')}${pad},<z>;rel=last`
          expect(findLink(parseLinkHeader(header), 'next', 'https://api.test/items')).toBe(url.trim())
        },
      ),
      { numRuns: 3_000 },
    )
  }, 60_000)

  test('are read, or refused as a fault of the API, whatever they are', () => {
    fc.assert(
      fc.property(text, (header) => {
        orFault(() => parseLinkHeader(header))
      }),
      { numRuns: 5_000 },
    )
  }, 60_000)
})

describe('next URLs', () => {
  const from = {
    url: 'https://api.test/v1/items?page=1',
    page: 1,
    homeOrigin: 'https://api.test',
    allowedOrigins: ['https://files.test'],
  }

  test('lead home or where it is allowed, without user name and fragment, or nowhere', () => {
    const host = fc.constantFrom(
      'api.test',
      'files.test',
      'evil.test',
      'api.test.evil.test',
      'API.TEST',
      '[::1]',
      '127.1',
      'api.test:443',
      'api.test:8443',
    )
    const scheme = fc.constantFrom(
      'https://',
      'http://',
      '//',
      '\\\\',
      'https:\\\\',
      'javascript:',
      'HTTPS://user:pass@',
      '\thttps://',
    )
    const absolute = fc.tuple(scheme, host, fc.constantFrom('', '/a', '?b=1', '/a#frag')).map((parts) => parts.join(''))
    fc.assert(
      fc.property(
        fc.oneof(text, absolute, fc.webUrl({ withQueryParameters: true, withFragments: true })),
        (reference) => {
          const resolved = orFault(() => resolveNextUrl(reference, from))
          if (resolved === 'fault') return
          const url = new URL(resolved)
          expect([from.homeOrigin, ...from.allowedOrigins]).toContain(url.origin)
          expect([url.username, url.password, url.hash]).toEqual(['', '', ''])
        },
      ),
      { numRuns: 5_000 },
    )
  }, 60_000)

  test('keep every byte of a query that was given, and carry every parameter that is set', () => {
    const name = fc.string({ minLength: 1, maxLength: 8 }).filter((value) => !/\p{Surrogate}/u.test(value))
    const value = fc.string({ maxLength: 12 }).filter((each) => !/\p{Surrogate}/u.test(each))
    fc.assert(
      fc.property(fc.dictionary(name, value, { maxKeys: 4 }), (params) => {
        const url = buildUrl('https://api.test/items?sig=a%2Fb+c%3D%3d', params, {})
        if (!Object.hasOwn(params, 'sig')) expect(url).toContain('?sig=a%2Fb+c%3D%3d')
        const sent = new URL(url).searchParams
        for (const [each, expected] of Object.entries(params)) expect(sent.get(each)).toBe(expected)
      }),
      { numRuns: 2_000 },
    )
  }, 60_000)
})

describe('waits', () => {
  test('are a number of milliseconds from 0 on, or not there, whatever the headers say', () => {
    const value = fc.oneof(
      text,
      fc.date({ noInvalidDate: true }).map((date) => date.toUTCString()),
      fc.nat().map(String),
      fc.double().map(String),
    )
    const headers = fc.record(
      { 'retry-after': value, 'ratelimit-reset': value, 'x-ratelimit-reset': value, ratelimit: value, date: value },
      { requiredKeys: [] },
    )
    fc.assert(
      fc.property(headers, fc.constantFrom(403, 429, 503), (given, status) => {
        const asked = readAskedWait(status, given, new Date('2026-01-01T00:00:00Z'))
        if (asked === null) return
        expect(Number.isFinite(asked.delayMs)).toBe(true)
        expect(asked.delayMs).toBeGreaterThanOrEqual(0)
      }),
      { numRuns: 3_000 },
    )
  }, 60_000)
})

describe('guesses', () => {
  test('are not thrown off by a parameter that has a member toString', () => {
    const answer = {
      clues: [],
      url: 'https://api.test/items',
      headers: {},
      isBare: false,
      items: [{ id: 1 }],
      sent: readSent({ params: { next: { toString: false } }, body: null }, 'none', null),
    }
    expect(proposePagination(answer).proposals).toEqual([])
  })

  test('name a place in a JSON body by a path that leads to that place alone', () => {
    const key = fc.oneof(fc.constantFrom('page', 'a.b', '', '*', "it's", '$', '0', 'page.number'), fc.string())
    const { tree } = fc.letrec((tie) => ({
      tree: fc.oneof(
        { maxDepth: 4 },
        fc.constantFrom(1, 'x', null),
        fc.array(tie('tree'), { maxLength: 3 }),
        fc.dictionary(key, tie('tree'), { maxKeys: 4 }),
      ),
    }))
    fc.assert(
      fc.property(fc.dictionary(key, tree, { maxKeys: 4 }), (body) => {
        for (const { path, names } of readSent({ params: null, body }, 'json', null).values) {
          const [sent] = findSent(readSent({ params: null, body }, 'json', null), names, () => true)
          expect(sent?.in).toBe('json')
          const placed = placeInJson(body, pathText(path), 'new')
          expect(path.reduce<unknown>((holder, step) => Reflect.get(Object(holder), step), placed)).toBe('new')
        }
      }),
      { numRuns: 2_000 },
    )
  }, 60_000)

  test('are made of any answer without a fault, and only ways that a playbook could say', () => {
    const clue = fc.constantFrom(
      'next',
      'next_cursor',
      'page',
      'total',
      'has_more',
      'offset',
      'limit',
      'count',
      'links',
      'pageInfo',
    )
    const kind = fc.constantFrom('none' as const, 'json' as const, 'form' as const)
    const value = fc.oneof(fc.jsonValue({ maxDepth: 2 }), fc.constantFrom(0, 1, 2, true, false, '', '/x?page=2', 'abc'))
    fc.assert(
      fc.property(fc.dictionary(clue, value), fc.dictionary(clue, value), kind, (body, sent, where) => {
        const clues = readClues(body, null)
        const { proposals } = proposePagination({
          url: 'https://api.test/items',
          clues,
          headers: {},
          items: [{ id: 1 }],
          isBare: false,
          sent:
            where === 'none'
              ? readSent({ params: sent, body: null }, where, null)
              : readSent({ params: {}, body: sent }, where, null),
        })
        expect(proposals.length).toBeLessThanOrEqual(8)
        for (const { paginate, evidence } of proposals) {
          expect(paginate.type).toMatch(/^(?:page|offset|cursor|last_record|next_url|link|graphql)$/)
          expect(evidence.length).toBeGreaterThan(0)
        }
      }),
      { numRuns: 3_000 },
    )
  }, 60_000)
})
