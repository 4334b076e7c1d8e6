import { describe, expect, it } from 'vitest'
import { evaluateTemplate } from './evaluate-template'
import { templateReferences } from './template-references'

const scope = {
  page: 7,
  more: true,
  none_yet: null,
  empty: [],
  list: [3, 1, 2],
  names: ['b', 'A', 'c', 'a', 'B'],
  rows: [
    { id: 3, on: true },
    { id: 1, on: false },
    { id: 2, on: true },
  ],
}

/** What Jinja 3.1 gives for the same, unless the title says otherwise. */
const holdTo = (rows: [string, unknown][]): void => {
  it.each(rows)('%s', (source, expected) => {
    const value = evaluateTemplate(/\{[{%]/.test(source) ? source : `{{ ${source} }}`, scope)
    expect(value).toEqual(expected)
  })
}

describe('a test binds closer than any operator, and takes one argument without brackets', () => {
  holdTo([
    ['page is divisibleby 7', true],
    ['page is eq 7 and page is not ge 8', true],
    ['page is in [7, 8]', true],
    ['page is not in [7, 8]', false],
    ['page is in list or more is true', true],
    ['list | length is eq 3', true],
    ['page is odd if more else 0', true],
    ['more == page is odd', true],
    ['"page " ~ page is odd', 'page true'],
    ['-page is lt 0', true],
    ['not nope is defined', true],
    ['page is number is true', true],
    ['page is eq (3 + 4)', true],
  ])
})

describe('`in` is one of the comparisons of a chain', () => {
  holdTo([
    ['1 < 3 in list', true],
    ['1 < 3 not in list', false],
    ['"x" in "xyz" in ["xyz"]', true],
    ['3 in list == more', false],
    ['(3 in list) == more', true],
    ['not 3 in list', false],
  ])

  it('and no text is taken for an operator', () => {
    expect(() => evaluateTemplate('{{ 1 "<" 2 }}', scope)).toThrow('operator is expected')
    expect(() => evaluateTemplate('{{ 1 not 2 }}', scope)).toThrow('`in` is expected here')
  })
})

describe('a loop with a condition', () => {
  holdTo([
    ['{% for page in list if page > 1 %}{{ page }},{% endfor %}', '3,2,'],
    ['{% for r in rows if not r.on %}{{ r.id }}{% endfor %}', '1'],
    ['{% for r in rows if r.on %}{{ loop.index }}/{{ loop.length }}={{ r.id }};{% endfor %}', '1/2=3;2/2=2;'],
    ['{% for a in list if a > 9 %}{{ a }}{% else %}none{% endfor %}', 'none'],
    ['{% for k, v in {"a": 1, "b": 2}.items() if v == 2 %}{{ k }}{% endfor %}', 'b'],
    ['{% for (k, v) in {"a": 1}.items() %}{{ k }}{{ v }}{% endfor %}', 'a1'],
    ['{% for a in list if more else [9] %}{{ a }}{% endfor %}', '312'],
    ['{% for a in list if none_yet else [9] %}{{ a }}{% endfor %}', '9'],
    ['{% for a in (list if none_yet else [9]) if a > 9 %}{{ a }}{% endfor %}!', '!'],
  ])

  it('reads its own names in the condition, and others from outside', () => {
    const source = '{% for page in list if page > least and not loop %}{{ page }}{% endfor %}'
    const paths = templateReferences(source).map(({ path }) => path)
    expect(paths).toEqual([['list'], ['loop'], ['least']])
  })
})

describe('escapes in a text', () => {
  holdTo([
    [String.raw`"\d+\.\w"`, String.raw`\d+\.\w`],
    [String.raw`"C:\\new"`, String.raw`C:\new`],
    [String.raw`"\x41\u00e9\U0001F600\101"`, 'Aé😀A'],
    [String.raw`'it\'s "\""'`, 'it\'s """'],
    [String.raw`"a\tb\nc\rd\a\b\f\v\0"`, 'a\tb\nc\rd\u0007\b\f\v\0'],
    ['"a\\\nb"', 'ab'],
    [String.raw`"\q"`, String.raw`\q`],
  ])

  it.each([String.raw`{{ "ab\x4" }}`, String.raw`{{ "ab\u12" }}`, String.raw`{{ "ab\U00110000" }}`])(
    'that are not finished are refused where they stand: %s',
    (source) => {
      expect(() => evaluateTemplate(source, scope)).toThrow(expect.objectContaining({ line: 1, column: 7 }))
    },
  )
})

describe('a text is made of characters, not of halves of them', () => {
  holdTo([
    ['"a😀b" | length', 3],
    ['"a😀b"[1]', '😀'],
    ['"a😀b"[-2]', '😀'],
    ['"a😀b"[2]', 'b'],
    ['"a😀b"[3] | default("none")', 'none'],
    ['"a😀b"[1:]', '😀b'],
    ['"a😀b"[:-1]', 'a😀'],
    ['"😀b" | first', '😀'],
    ['"a😀" | last', '😀'],
    ['"a" | last', 'a'],
    ['"😀a😀".strip("😀")', 'a'],
    ['"😀" < "\uffee"', false],
    ['["😀", "\uffee", "\ud7ff"] | sort', ['\ud7ff', '\uffee', '😀']],
    ['"a😀" < "a😁" < "a😁b"', true],
  ])
})

describe('a slice has a step', () => {
  holdTo([
    ['list[::-1]', [2, 1, 3]],
    ['list[::2]', [3, 2]],
    ['list[2:0:-1]', [2, 1]],
    ['list[-1:-9:-2]', [2, 3]],
    ['list[9::-1]', [2, 1, 3]],
    ['list[-9:9:1]', [3, 1, 2]],
    ['list[5:]', []],
    ['list[:0:-1]', [2, 1]],
    ['"abcdef"[1:5:2]', 'bd'],
    ['"a😀b"[::-1]', 'b😀a'],
    ['list[none:2]', [3, 1]],
  ])

  it('other than 0', () => {
    expect(() => evaluateTemplate('{{ list[::0] }}', scope)).toThrow('a slice needs a step other than 0')
  })
})

describe('a boolean equals 1 or 0, as in Python and JavaScript', () => {
  holdTo([
    ['more == 1', true],
    ['0 == false', true],
    ['more != 1', false],
    ['2 == true', false],
    ['1 in [true]', true],
    ['[[1]] == [[true]]', true],
    ['rows | selectattr("on", "eq", 1) | map(attribute="id")', [3, 2]],
    ['[1, true, 0, false, "true"] | unique', [1, 0, 'true']],
    ['more == "true" or none == false or "" == false', false],
    ['1 is true', false],
  ])
})

describe('what puts in order does so without regard to case, and by more than one attribute', () => {
  const people = '[{"n": "b", "i": 2}, {"n": "A", "i": 1}, {"n": "B", "i": 3}, {"n": "a", "i": 0}]'
  holdTo([
    ['names | min', 'A'],
    ['names | max', 'c'],
    ['["a", "B"] | max', 'B'],
    ['["a", "B"] | max(true)', 'a'],
    ['["a", "B"] | min(case_sensitive=true)', 'B'],
    [`(${people} | max(attribute="n")).i`, 2],
    [`${people} | sort(attribute="n,i") | map(attribute="i")`, [0, 1, 2, 3]],
    [`${people} | sort(true, false, "n,i") | map(attribute="i")`, [3, 2, 1, 0]],
    [`${people} | sort(attribute="n") | map(attribute="i")`, [1, 0, 2, 3]],
    [
      '{"b": 2, "A": 3, "a": 1} | dictsort',
      [
        ['A', 3],
        ['a', 1],
        ['b', 2],
      ],
    ],
    [
      '{"b": 2, "A": 3, "a": 1} | dictsort(true)',
      [
        ['A', 3],
        ['a', 1],
        ['b', 2],
      ],
    ],
    [
      '{"b": 2, "A": 3, "a": 1} | dictsort(false, "value")',
      [
        ['a', 1],
        ['b', 2],
        ['A', 3],
      ],
    ],
    [
      '{"b": 2, "A": 3} | dictsort(by="value", reverse=true)',
      [
        ['A', 3],
        ['b', 2],
      ],
    ],
    [
      `{% for n, all in ${people} | groupby("n") %}{{ n }}{{ all | map(attribute="i") | join }};{% endfor %}`,
      'A10;b23;',
    ],
    [`${people} | groupby("n", case_sensitive=true) | map("first")`, ['A', 'B', 'a', 'b']],
    ['rows | groupby("on") | map("first")', [false, true]],
    ['[{"g": 2}, {}, {"g": 10}] | groupby("g", 7) | map("first")', [2, 7, 10]],
    ['[{"g": "x"}, {"g": none}] | groupby("g") | map("first")', [null, 'x']],
  ])

  it('and says what it does not know', () => {
    expect(() => evaluateTemplate('{{ {} | dictsort(by="size") }}', scope)).toThrow('dictsort sorts by key or value')
    expect(() => evaluateTemplate('{{ [{"g": 1}, {"g": "a"}] | groupby("g") }}', scope)).toThrow('have no order')
  })
})

describe('parts of a list', () => {
  holdTo([
    [
      'list | batch(2, 0)',
      [
        [3, 1],
        [2, 0],
      ],
    ],
    ['list | batch(2)', [[3, 1], [2]]],
    [
      'range(7) | slice(3)',
      [
        [0, 1, 2],
        [3, 4],
        [5, 6],
      ],
    ],
    [
      'range(7) | slice(3, 9)',
      [
        [0, 1, 2],
        [3, 4, 9],
        [5, 6, 9],
      ],
    ],
    ['empty | first | default("none")', 'none'],
    ['empty | max | default(0)', 0],
    ['empty | first is defined', false],
    ['[none] | first | default(1)', null],
  ])
})

describe('urlencode', () => {
  holdTo([
    ['"/a b/é?x=1&y" | urlencode', '/a%20b/%C3%A9%3Fx%3D1%26y'],
    [`"!*'()~-_." | urlencode`, '%21%2A%27%28%29~-_.'],
    ['7 | urlencode', '7'],
    ['{"a": 1, "b c": "d e/f", "no": none} | urlencode', 'a=1&b+c=d+e%2Ff&no='],
    ['[["a", 1], ["a", true]] | urlencode', 'a=1&a=true'],
    ['{} | urlencode', ''],
  ])

  it('takes pairs, or one text', () => {
    expect(() => evaluateTemplate('{{ ["a"] | urlencode }}', scope)).toThrow('urlencode takes a text, an object or')
  })
})

describe('odds and ends', () => {
  holdTo([
    ['1 // 0.1', 9],
    ['-7.5 // 2', -4],
    ['7.5 // -2', -4],
    ['6.0 // 0.5', 12],
    ['0.3 // 0.1', 2],
    ['"aXbX".replace("X", "-", -1)', 'a-b-'],
    ['"aXbX".replace("X", "-", 0)', 'aXbX'],
    ['{} is sequence and [] is sequence and "" is sequence', true],
    ['1234 | round(-2)', 1200],
    ['1250.5 | round(-2)', 1300],
    ['-1250 | round(-3, "ceil")', -1000],
    ['list[0:2].0', 3],
    ['"%c3" ~ 1', '%c31'],
    [
      '{% for a in list %}{{ loop.previtem | default("-") }}{{ loop.nextitem | default("-") }} {% endfor %}',
      '-1 32 1- ',
    ],
  ])
})
