import { describe, expect, it } from 'vitest'
import { decodeText } from './decode-text'

const decoded = (text: string) => decodeText(Buffer.from(text, 'utf8'), 'application/json')

describe('the text of a body in UTF-8', () => {
  it.each([
    ['nothing', ''],
    ['ASCII', '{"a":1}'],
    ['Latin', '{"größe":"§"}'],
    ['beyond the basic plane', '{"a":"漢字 🙂 \u{10ffff}"}'],
    ['a NUL and the last before the surrogates', '"\0\ud7ff\uffff"'],
    ['a byte order mark inside', '"\ufeff"'],
  ])('is the same letter by letter: %s', (_, text) => {
    expect(decoded(text)).toEqual({ ok: true, text, utf8: Buffer.from(text) })
  })

  it.each([1 << 20, (1 << 20) + 1, 3 << 20])('of %i bytes as well', (bytes) => {
    const text = `ü🙂${'é'.repeat((bytes - 6) / 2)}`.padEnd(bytes / 2, '.')
    const read = decoded(text)
    expect(read.ok && read.text === text).toBe(true)
  })

  it.each([
    ['cut off', [0x22, 0xf0, 0x9f, 0x99]],
    ['a lone surrogate', [0xed, 0xa0, 0x80]],
    ['too long for what it says', [0xc0, 0xaf]],
  ])('is refused where a character is %s', (_, bytes) => {
    expect(decodeText(Buffer.from(bytes), 'application/json')).toMatchObject({ ok: false })
  })
})
