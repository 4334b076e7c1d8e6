import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'

const css = readFileSync(new URL('theme.css', import.meta.url), 'utf8')

const TEXT = [
  'ink',
  'ink-2',
  'ink-3',
  'accent',
  'running',
  'done',
  'retry',
  'failed',
  'waiting',
  'skipped',
  'cancelled',
]
const MARKS = ['line-strong']
const GROUNDS = ['paper', 'panel', 'sunken']

describe.each([
  ['light', ':root'],
  ['dark', "[data-theme='dark']"],
])('the %s theme', (_, selector) => {
  const colors = tokensOf(selector)

  it.each(TEXT.flatMap((text) => GROUNDS.map((ground) => [text, ground])))(
    'reads %s on %s at 4.5:1',
    (text, ground) => {
      expect(contrast(color(text), color(ground))).toBeGreaterThanOrEqual(4.5)
    },
  )

  it.each(MARKS.flatMap((mark) => GROUNDS.map((ground) => [mark, ground])))('shows %s on %s at 3:1', (mark, ground) => {
    expect(contrast(color(mark), color(ground))).toBeGreaterThanOrEqual(3)
  })

  it('reads the words on the accent at 4.5:1', () => {
    expect(contrast(color('on-accent'), color('accent'))).toBeGreaterThanOrEqual(4.5)
  })

  it('says every name the other theme says', () => {
    expect([...colors.keys()].toSorted()).toEqual([...tokensOf(':root').keys()].toSorted())
  })

  function color(name: string): string {
    const value = colors.get(name)
    if (value === undefined) throw new Error(`the theme has no ${name}`)
    return value
  }
})

function tokensOf(selector: string): Map<string, string> {
  const start = css.indexOf(`${selector} {`)
  const block = css.slice(start, css.indexOf('}', start))
  return new Map([...block.matchAll(/--([\w-]+):\s*(#[0-9a-f]{6})/g)].map(([, name = '', value = '']) => [name, value]))
}

/** WCAG 2.2, relative luminance and contrast ratio. */
function contrast(one: string, other: string): number {
  const [darker = 0, lighter = 0] = [luminance(one), luminance(other)].toSorted((a, b) => a - b)
  return (lighter + 0.05) / (darker + 0.05)
}

function luminance(hex: string): number {
  const [red = 0, green = 0, blue = 0] = [1, 3, 5].map((at) => {
    const channel = Number.parseInt(hex.slice(at, at + 2), 16) / 255
    return channel <= 0.04045 ? channel / 12.92 : ((channel + 0.055) / 1.055) ** 2.4
  })
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue
}
