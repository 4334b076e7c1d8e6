import { performance } from 'node:perf_hooks'
import { describe, expect, test } from 'vitest'
import { createRedactor } from './redact'
import { secretForms } from './secret-forms'

const SECRET = `s3cr&t/"Key'<ü>+= x`
const redactor = createRedactor([SECRET])

const base64At = (before: string): string => Buffer.from(`${before}${SECRET}:and more`).toString('base64')

const escapedAll = (escape: (code: number) => string): string =>
  Array.from(SECRET, (character) => escape(character.charCodeAt(0))).join('')

const escapedOf = (escapes: Readonly<Record<string, string>>): string =>
  Array.from(SECRET, (character) => escapes[character] ?? character).join('')

describe('a redactor', () => {
  test.each([
    ['as it is', SECRET],
    ['in capitals', SECRET.toUpperCase()],
    ['in a URL', encodeURIComponent(SECRET)],
    ['in a URL with small hex digits', encodeURIComponent(SECRET).toLowerCase()],
    ['in a URL that leaves reserved characters', encodeURI(SECRET)],
    ['twice in a URL', encodeURIComponent(encodeURIComponent(SECRET))],
    ['in a form', new URLSearchParams({ key: SECRET }).toString().slice(4)],
    ['in JSON', JSON.stringify(SECRET).slice(1, -1)],
    ['in JSON with escaped slashes', JSON.stringify(SECRET).slice(1, -1).replaceAll('/', '\\/')],
    ['in JSON of ASCII only', JSON.stringify(SECRET).slice(1, -1).replaceAll('ü', '\\u00fc')],
    ['in JSON in JSON', JSON.stringify(JSON.stringify(SECRET)).slice(3, -3)],
    [
      'in HTML',
      SECRET.replaceAll('&', '&amp;')
        .replaceAll('"', '&quot;')
        .replaceAll("'", '&#39;')
        .replaceAll('<', '&lt;')
        .replaceAll('>', '&gt;'),
    ],
    ['in JSON with every character escaped', escapedAll((code) => `\\u${code.toString(16).padStart(4, '0')}`)],
    ['in JSON in JSON, escaped twice', escapedAll((code) => `\\\\u${code.toString(16).padStart(4, '0')}`)],
    [
      'in JSON of PHP',
      escapedOf({ '"': '\\u0022', "'": '\\u0027', '&': '\\u0026', '<': '\\u003C', '>': '\\u003E', '/': '\\/' }),
    ],
    ['in HTML by numbers', escapedAll((code) => `&#${code};`)],
    [
      'in HTML of Handlebars',
      escapedOf({ '&': '&amp;', '"': '&quot;', "'": '&#x27;', '<': '&lt;', '>': '&gt;', '=': '&#x3D;' }),
    ],
    ['in HTML of PHP', escapedOf({ '&': '&amp;', '"': '&quot;', "'": '&#039;', '<': '&lt;', '>': '&gt;' })],
    ['in a URL with every byte escaped', Buffer.from(SECRET).toString('hex').replaceAll(/../g, '%$&')],
    ['three times in a URL', encodeURIComponent(encodeURIComponent(encodeURIComponent(SECRET)))],
    [
      'of a URL in JSON in HTML',
      JSON.stringify(`${encodeURIComponent(SECRET)}`)
        .slice(1, -1)
        .replaceAll('%', '&#37;'),
    ],
    ['in hex', Buffer.from(SECRET).toString('hex')],
    ['in capital hex', Buffer.from(SECRET).toString('hex').toUpperCase()],
  ])('masks a value %s', (_how, written) => {
    expect(redactor.text(`before ${written} after`)).toBe('before ••• after')
  })

  test.each(['', 'a', 'ab', 'abc'])('masks a value in base64 behind "%s"', (before) => {
    const written = base64At(before)
    const masked = redactor.text(written)
    expect(masked).toContain('•••')
    const rests = masked.split('•••').map((rest) => Buffer.from(rest, 'base64').toString())
    expect(rests.some((rest) => rest.includes('cr&t'))).toBe(false)
  })

  test('masks the login of an OAuth client, which is encoded as in a form before it is base64', () => {
    const form = new URLSearchParams({ '': SECRET }).toString().slice(1)
    const login = Buffer.from(`reader:${form}`).toString('base64')
    const masked = redactor.text(`who is Basic ${login}?`)
    expect(masked).toContain('•••')
    const rests = masked.split('•••').map((rest) => Buffer.from(rest, 'base64').toString())
    expect(rests.some((rest) => rest.includes('26t'))).toBe(false)
  })

  test('masks the address of the sample API wherever it appears', () => {
    const local = createRedactor(['http://localhost:5555'])
    expect(local.json({ url: 'http://localhost:5555/api/v1/users?page=1' })).toEqual({ url: '•••/api/v1/users?page=1' })
  })

  test('masks strings, keys and numbers of a value and leaves the rest alone', () => {
    const some = createRedactor(['token-1', '12345678', '123456789012345678901'])
    const date = new Date(0)
    expect(
      some.json({ 'x-token-1': ['Bearer TOKEN-1', 12345678, 1234, 123456789012345678901n], date, none: null }),
    ).toEqual({
      'x-•••': ['Bearer •••', '•••', 1234, '•••'],
      date,
      none: null,
    })
  })

  test('keeps JSON text JSON when a number in it is a secret', () => {
    const some = createRedactor(['12345678'])
    expect(some.jsonText('{"pin":12345678,"big":1}')).toBe('{"pin":"•••","big":1}')
    expect(some.jsonText('{"id":98765432109876543210}')).toBe('{"id":98765432109876543210}')
  })

  test('keeps the digits of other numbers when one is a secret, and masks one beyond 53 bits', () => {
    const some = createRedactor(['98765432109876543'])
    expect(some.jsonText('{"a":98765432109876543,"b":9007199254740993,"c":[1.5,"x"]}')).toBe(
      '{"a":"•••","b":9007199254740993,"c":[1.5,"x"]}',
    )
    expect(some.jsonText('{"a":98765432109876543,"b":1e309}')).toBe(`{"a":"•••","b":1${'0'.repeat(309)}}`)
    expect(some.json({ a: 98765432109876543n, b: 9007199254740993n })).toEqual({ a: '•••', b: 9007199254740993n })
  })

  test('keeps JSON JSON where a value seems to begin in the middle of an escape', () => {
    const body = String.raw`{"a":"\nine lives","b":1}`
    expect(createRedactor(['nine lives']).jsonText(body)).toBe(body)
  })

  test('masks base64 whose slashes are escaped', () => {
    const some = createRedactor(['>>>???>>>???'])
    const encoded = Buffer.from('>>>???>>>???').toString('base64')
    expect(encoded).toContain('/')
    expect(some.text(`"${encoded.replaceAll('/', String.raw`\/`)}"`)).toBe('"•••"')
  })

  test('masks a short value in JSON where it is a whole text', () => {
    expect(createRedactor(['abc']).jsonText('{"pin":"abc","word":"abcdef"}')).toBe('{"pin":"•••","word":"abcdef"}')
  })

  test('leaves what stands around an escaped value as it is', () => {
    const some = createRedactor(['s3cret'])
    expect(some.text('\\u00e9&amp;%41 \\u00733cr%65t%41 &#115;3cret\\n')).toBe('\\u00e9&amp;%41 •••%41 •••\\n')
  })

  test('masks a value of fewer than four characters only where it is the whole text', () => {
    const some = createRedactor(['abc', ''])
    expect(some.text('abc')).toBe('•••')
    expect(some.json(['abc', 'abcdef'])).toEqual(['•••', 'abcdef'])
  })

  test('masks a value in text whose lower case is longer than itself', () => {
    expect(createRedactor(['token.1']).text('İ TOKEN.1')).toBe('İ •••')
  })

  test('masks the longer of two values that begin alike, and values side by side', () => {
    const some = createRedactor(['token', 'token-long'])
    expect(some.text('token-long token tokentoken')).toBe('••• ••• •••')
  })

  test('masks a line of a key of several lines', () => {
    const line = 'MIIEvQIBADANBgkqhkiG9w0BAQEFAASC'
    expect(createRedactor([`-----BEGIN-----\n${line}\n-----END-----`]).text(`key: ${line}`)).toBe('key: •••')
  })

  test.each([
    ['the beginning of a value', 'it says: s3cr&t/"K…, and more', 'it says: •••…, and more'],
    ['in capitals', 'S3CR&T/…', '•••…'],
    ['in a URL', '`https://api.test/?key=s3cr%26t%2F%22K…`', '`https://api.test/?key=•••…`'],
    ['within an escape of a URL', 'key=s3cr%26t%2F%2…', 'key=•••…'],
    ['within a character of a URL', 'key=s3cr%26t%2F%22Key%27%3C%C3…', 'key=•••…'],
    ['in JSON', '"said: s3cr&t/\\"K…"', '"said: •••…"'],
    ['within an escape of JSON', '"s3cr&t/\\"Key\'<\\u00…', '"•••…'],
    ['with every character escaped', '\\u0073\\u0033\\u0063\\u0072\\u00…', '•••…'],
    ['in base64', `Basic ${Buffer.from(SECRET).toString('base64').slice(0, 8)}…`, 'Basic •••…'],
    ['in hex', `${Buffer.from(SECRET).toString('hex').slice(0, 9)}…`, '•••…'],
    ['the end of a value', 'it says … <ü>+= x" (SQLSTATE 22P02)', 'it says … •••" (SQLSTATE 22P02)'],
    ['beside a mask', `${SECRET} s3cr&t/…`, '••• •••…'],
  ])('masks what a cut left of a value: %s', (_how, cut, masked) => {
    expect(redactor.words({ message: [cut] })).toEqual({ message: [masked] })
  })

  test('masks what a cut left of a value wherever it cuts, in every form', () => {
    for (const form of secretForms(SECRET)) {
      for (let at = 3; at <= form.length; at++) {
        expect(redactor.words(`said: ${form.slice(0, at)}…`), `${form} cut at ${at}`).toBe('said: •••…')
        expect(redactor.words(`… ${form.slice(-at)}" more`), `${form} cut from ${-at}`).toBe('… •••" more')
      }
    }
  })

  test('masks what a cut left of a value in text whose lower case is longer than itself', () => {
    expect(createRedactor(['token.1']).words('İ TOKEN…')).toBe('İ •••…')
  })

  test('leaves a cut alone that hits no value, and data as it is', () => {
    expect(redactor.words('a cat sat…')).toBe('a cat sat…')
    expect(redactor.text('s3cr&t/…')).toBe('s3cr&t/…')
    expect(redactor.json(['s3cr&t/…'])).toEqual(['s3cr&t/…'])
  })

  test('leaves text without a secret as it is', () => {
    const text = 'nothing to see in http://example.org'
    expect(redactor.text(text)).toBe(text)
    expect(createRedactor([]).text(text)).toBe(text)
  })

  test('takes a few milliseconds for a megabyte', () => {
    const megabyte = JSON.stringify(
      Array.from({ length: 12_000 }, (_, id) => ({
        id,
        name: `some item ${id}`,
        text: 'lorem ipsum dolor sit amet, consetetur',
      })),
    )
    const token = createRedactor(['sk-live-4f9a8b7c6d5e4f3a2b1c'])
    token.text(megabyte)
    // The fastest of ten: what else the machine does is not the redactor's.
    const took = Array.from({ length: 10 }, () => {
      const started = performance.now()
      token.text(megabyte)
      return performance.now() - started
    })
    const perMegabyte = Math.min(...took) / (megabyte.length / 1_000_000)
    console.info(`redactor: ${perMegabyte.toFixed(2)} ms a MB and secret`)
    expect(perMegabyte).toBeLessThan(30)
  })
})
