import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { parseJsonBody, parseNdjsonBody } from './json-body'
import { parsePreciseJson, stringifyPreciseJson } from './json-precise'

/** The same values each time: what a change is refused for must be the change. */
fc.configureGlobal({ seed: 20_261_124 })

const valueOf = (text: string): unknown => {
  const reading = parseJsonBody(text)
  return reading.ok ? reading.value : reading
}

/** The value with its big integers rounded to what JSON.parse makes of them. */
const rounded = (value: unknown): unknown => JSON.parse(stringifyPreciseJson(value))

describe('parseJsonBody', () => {
  test('keeps 64-bit integers digit for digit', () => {
    expect(valueOf('{"id": 9223372036854775807, "neg": -9007199254740993}')).toEqual({
      id: 9223372036854775807n,
      neg: -9007199254740993n,
    })
  })

  test('leaves integers that fit, fractions and exponents to be numbers', () => {
    expect(valueOf('[9007199254740991, 0.12345678901234568, 1e3, 1234567890123456]')).toEqual([
      9007199254740991, 0.12345678901234568, 1000, 1234567890123456,
    ])
  })

  test('keeps a number beyond all doubles as the whole number it is', () => {
    expect(valueOf('[1e400, -1.5E+309, 1e308]')).toEqual([10n ** 400n, -15n * 10n ** 308n, 1e308])
  })

  test.each(['1e999999999', '1e4096', '9'.repeat(4097), `${'9'.repeat(400)}.5`])(
    'refuses a number of more digits than can be handled: %#',
    (number) => {
      expect(parseJsonBody(`{"a": ${number}}`)).toMatchObject({
        ok: false,
        kind: 'invalid_json',
        message: expect.stringContaining('a number in it is too large to be kept'),
      })
    },
  )

  test('does not take digits inside a text for a number', () => {
    expect(parseJsonBody('{"a":"\\"12345678901234567890"}')).toMatchObject({ ok: true, hasBigIntegers: false })
  })

  test.each(['{"__proto__": {"polluted": 1}}', '{"__proto__": {"polluted": 1}, "n": 12345678901234567890}'])(
    'keeps __proto__ an ordinary key: %s',
    (text) => {
      const value = valueOf(text)
      expect(Object.getPrototypeOf(value)).toBe(Object.prototype)
      expect(Object.keys(value as object)).toContain('__proto__')
      expect(({} as Record<string, unknown>)['polluted']).toBeUndefined()
    },
  )

  test('takes 200 levels and refuses 201', () => {
    expect(parseJsonBody('['.repeat(200) + ']'.repeat(200)).ok).toBe(true)
    expect(parseJsonBody('['.repeat(201) + ']'.repeat(201))).toMatchObject({ ok: false, kind: 'invalid_json' })
  })

  test('shows at most 80 characters of a body that is wrong', () => {
    const reading = parseJsonBody(`<html>${'x'.repeat(500)}`, 'text/html')
    expect(reading.ok ? '' : reading.message).toHaveLength(
      'HTML came where JSON was due (content type text/html): '.length + 81,
    )
  })

  test('reads what JSON.parse reads, but for the digits', () => {
    fc.assert(
      fc.property(fc.json(), (text) => {
        expect(rounded(valueOf(text))).toEqual(JSON.parse(text))
        expect(rounded(parsePreciseJson(text))).toEqual(JSON.parse(text))
      }),
      { numRuns: 2_000 },
    )
  })

  test('writes big integers as they were read', () => {
    const text = '{"a":[18446744073709551615,{"b":-12345678901234567890}],"c":"x","d":null}'
    expect(stringifyPreciseJson(valueOf(text))).toBe(text)
  })
})

describe('parseNdjsonBody', () => {
  test('reads a list of lines and keeps their text', () => {
    expect(parseNdjsonBody('{"a":1}\r\n\n{"a":12345678901234567890}')).toMatchObject({
      ok: true,
      value: [{ a: 1 }, { a: 12345678901234567890n }],
    })
  })

  test('names the line that is broken', () => {
    expect(parseNdjsonBody('{"a":1}\n{')).toMatchObject({ ok: false, message: expect.stringContaining('line 2') })
  })
})
