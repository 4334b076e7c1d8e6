import { describe, expect, it } from 'vitest'
import { evaluateTemplate } from './evaluate-template'

const scope = { big: 9007199254740993n, list: ['b', 'c'] }

/** What Python gives for the same. */
const holdTo = (rows: [string, unknown][]): void => {
  it.each(rows)('%s', (source, expected) => {
    expect(evaluateTemplate(`{{ ${source} }}`, scope)).toEqual(expected)
  })
}

describe('format', () => {
  holdTo([
    ['"%04d-%02d" | format(2024, 3)', '2024-03'],
    ['"%s/%s" | format("a", 1.5)', 'a/1.5'],
    ['"%5s|%-5s|%05s" | format("é😀", "b", "c")', '   é😀|b    |    c'],
    ['"%.2s" | format("a😀b")', 'a😀'],
    ['"%d %d %d %d" | format(2.9, -2.9, -0.1, true)', '2 -2 0 1'],
    ['"%+d % d %05d %-5d|" | format(5, 5, -42, 7)', '+5  5 -0042 7    |'],
    ['"%d" | format(big)', '9007199254740993'],
    ['"%.2f %f %.0f %8.1f" | format(2.345, 1, 1e3, -2.25)', '2.35 1.000000 1000     -2.2'],
    ['"%.2f %.2f %.0f %.0f %.0f" | format(0.125, 0.375, 0.5, 1.5, 2.5)', '0.12 0.38 0 2 2'],
    ['"%.2f" | format(1.005)', '1.00'],
    ['"%.1f %.0f" | format(1e21, -1e22)', '1000000000000000000000.0 -10000000000000000000000'],
    ['"%x %X %o %x" | format(255, 255, 8, -255)', 'ff FF 10 -ff'],
    ['"%d%%" | format(50)', '50%'],
    ['["1", "2"] | map("int") | map("string") | join', '12'],
    ['"%s" | format(none)', ''],
  ])

  it.each([
    ['"%s"', 'format has no value for place 1'],
    ['"a", 1', 'format has 1 values for 0 places'],
    ['"%d", "5"', '%d takes a number, not a text'],
    ['"%.2d", 5', '%d takes no precision'],
    ['"%x", 1.5', '%x takes a whole number'],
    ['"%(a)s", 1', 'format knows %s, %d'],
    ['"%9999d", 1', 'format knows %s, %d'],
    ['"%*d", 1, 2', 'format knows %s, %d'],
    ['"100 %", 1', 'format knows %s, %d'],
  ])('refuses %s', (args, message) => {
    const [pattern, ...values] = args.split(', ')
    expect(() => evaluateTemplate(`{{ ${pattern} | format(${values.join(', ')}) }}`, scope)).toThrow(message)
  })
})

describe('methods of a text', () => {
  holdTo([
    ['"a😀b".find("b")', 2],
    ['"ab".find("c")', -1],
    ['"banana".count("an")', 2],
    ['"12".isdigit() and not "1.2".isdigit() and not "".isdigit()', true],
    ['"a\\nb\\r\\nc\\n".splitlines()', ['a', 'b', 'c']],
    ['"".splitlines()', []],
    ['"a.b.c".rsplit(".", 1)', ['a.b', 'c']],
    ['"a.b.c".rsplit(".")', ['a', 'b', 'c']],
    ['"abc".rsplit(".", 1)', ['abc']],
    ['"a-b".removeprefix("a-") ~ "a-b".removesuffix("-b") ~ "ab".removesuffix("")', 'baab'],
    ['"5".zfill(3) ~ "-5".zfill(4) ~ "12345".zfill(3)', '005-00512345'],
    ['"5".rjust(3) ~ "5".rjust(3, "*") ~ "😀".ljust(3, "é") ~ "|"', '  5**5😀éé|'],
    ['"abc".startswith(("x", "ab")) and "abc".endswith(list)', true],
    ['"ab".startswith([])', false],
    ['"ab1" is lower and "AB" is upper and not "1" is lower and not 1 is upper', true],
    ['1 is sameas 1 and not 1 is sameas true and none is sameas none and not 0 is sameas false', true],
  ])

  it.each(['"a".count("")', '"a".rsplit("")', '"a".rjust(3, "ab")', '"a".zfill("3")', '[1].count(1)'])(
    'refuse %s',
    (source) => {
      expect(() => evaluateTemplate(`{{ ${source} }}`, scope)).toThrow(/expected here|one character|has no method/)
    },
  )
})
