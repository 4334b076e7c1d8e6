import { availableParallelism } from 'node:os'
import type { Worker } from 'node:worker_threads'
import { afterAll, describe, expect, it } from 'vitest'
import { processWide } from '../db/process-wide'
import { closeTransforms, evaluateJsonata } from './evaluate-jsonata'

afterAll(closeTransforms)

it('reshapes data', async () => {
  const input = {
    items: [
      { id: 1, price: 2 },
      { id: 2, price: 3 },
    ],
  }
  expect(await evaluateJsonata('{ "ids": items.id, "total": $sum(items.price) }', input)).toEqual({
    ids: [1, 2],
    total: 5,
  })
  expect(await evaluateJsonata('nothing.here', input)).toBeNull()
})

it('keeps large integers as numbers, which are text inside', async () => {
  const input = { id: 9007199254740993n }
  expect(await evaluateJsonata('{ "id": id }', input)).toEqual(input)
  expect(await evaluateJsonata('{ "id": $string(id) }', input)).toEqual({ id: '9007199254740993' })
  const users = [{ id: 9007199254740993n }, { id: '5' }]
  expect(await evaluateJsonata('$^(>id).("user-" & id)', users)).toEqual(['user-9007199254740993', 'user-5'])
})

it.each([
  ['$sum', 'it gives a function', 'Call it with what it is to work on'],
  ['function($x) { $x }', 'it gives a function', 'Call it with what it is to work on'],
  ['$append(?, 1)', 'it gives a function', 'Call it with what it is to work on'],
  ['{ "rows": [1, { "pattern": /a/ }] }', 'it gives a function in "pattern"', 'Call it with what it is to work on'],
  ['{ "share": a / b }', 'it gives Infinity in "share", which is no JSON', 'b = 0 ? null : a / b'],
  ['b / b', 'it gives NaN, which is no JSON', 'b = 0 ? null : a / b'],
])('refuses what can not be kept of %s, and says what to write', async (expression, message, hint) => {
  await expect(evaluateJsonata(expression, { a: 1, b: 0 })).rejects.toMatchObject({
    code: 'template',
    message: expect.stringContaining(message),
    hint: expect.stringContaining(hint),
  })
})

it('keeps data that is named as a function is marked', async () => {
  const input = { _jsonata_function: true, _jsonata_lambda: true, implementation: 'none', apply: null }
  expect(await evaluateJsonata('[$]', input)).toEqual([input])
  expect(await evaluateJsonata('$match("ab", /b/)', {})).toEqual({ match: 'b', index: 1, groups: [] })
})

it.each([
  ['a loop without end', '($f := function($n) { $f($n + 1) }; $f(0))', {}],
  ['a recursion without end', '($f := function($n) { 1 + $f($n + 1) }; $f(0))', {}],
  ['a regular expression without end', '$match(text, /^(a+)+$/)', { text: `${'a'.repeat(40)}b` }],
  [
    'a text without end',
    '($f := function($t, $n) { $n = 0 ? $t : $f($t & $t, $n - 1) }; $length($f("xxxxxxxxxx", 40)))',
    {},
  ],
  ['a list without end', '[1..9000000].{ "a": $string($), "b": [1..20] }', {}],
  ['a syntax error', '[1..', {}],
  ['an unknown function', '$nothing()', {}],
  ['a recursion without end that is evaluated by another', '$eval("($f := function($n) { $f($n + 1) }; $f(0))")', {}],
])(
  'ends %s, says so, and serves the next',
  async (_name, expression, input) => {
    await expect(evaluateJsonata(expression, input, 500)).rejects.toMatchObject({
      name: 'DomainError',
      code: 'template',
    })
    expect(await evaluateJsonata('1 + 1', null)).toBe(2)
  },
  60_000,
)

it('reaches nothing of the process', async () => {
  for (const expression of ['process', 'constructor', '$constructor', '$string.constructor', 'toString', '__proto__']) {
    expect([expression, await evaluateJsonata(expression, {}).catch(() => null)]).toEqual([expression, null])
  }
})

it('carries nothing over from one expression to the next', async () => {
  const given = { q: 1, items: [2, 1], inner: { a: 1 } }
  const before = structuredClone(given)
  for (const expression of [
    '($leak := 5; $sum := function($x) { 99 }; $sum([1]))',
    '$eval("($leak := 6; $count := function($x) { 99 })")',
    '{ "__proto__": { "leak": 1 } }',
    '$merge([{ "__proto__": { "leak": 1 } }, { "constructor": { "prototype": { "leak": 1 } } }])',
    '$ ~> |$|{ "leak": 1, "__proto__": { "leak": 1 } }|',
    '$lookup($, "__proto__") ~> |$|{ "leak": 1 }|',
    '($sort(items); $append(items, 3); inner ~> |$|{ "leak": 1 }|)',
  ]) {
    await evaluateJsonata(expression, given).catch(() => null)
    const after = '[$exists($leak), $exists(leak), $exists({}.leak), $lookup({}, "leak"), $sum([1, 2]), $count([1, 2])]'
    expect([expression, await evaluateJsonata(after, {})]).toEqual([expression, [false, false, false, 3, 2]])
  }
  expect(given).toEqual(before)
  expect(Reflect.get({}, 'leak')).toBeUndefined()
})

it('asks no thread that ended while it had no work', async () => {
  await evaluateJsonata('1', null)
  const { free } = processWide<{ free: Worker[] }>('jsonata', () => ({ free: [] }))
  expect(free.length).toBeGreaterThan(0)
  await Promise.all(free.slice().map(async (thread) => thread.terminate()))
  expect(await evaluateJsonata('1 + 1', null, 500)).toBe(2)
})

it('refuses a result that is too large to be kept', async () => {
  await expect(evaluateJsonata('$pad("", 17000000, "x")', null)).rejects.toMatchObject({
    message: expect.stringContaining('larger than 16 MiB'),
    hint: expect.stringContaining('Choose fewer fields or rows'),
  })
}, 60_000)

describe.skipIf(availableParallelism() < 2)('with a second core', () => {
  const ENDLESS = '($f := function($n) { $f($n + 1) }; $f(0))'
  const HUNGRY = '$reduce([1..60], function($a, $b) { [$a, $a] }, [1])'

  it('lets nothing wait for a slow one', async () => {
    let isOver = false
    const slow = evaluateJsonata(ENDLESS, null, 30_000).catch(() => (isOver = true))
    expect(await evaluateJsonata('$sum([1..100000])', null, 30_000)).toBe(5_000_050_000)
    expect(isOver).toBe(false)
    // Its time need not be waited for.
    await closeTransforms()
    await slow
    expect(isOver).toBe(true)
  }, 60_000)

  it('ends one that eats memory, and none beside it', async () => {
    const [bomb, neighbour] = await Promise.allSettled([
      evaluateJsonata(HUNGRY, null, 30_000),
      evaluateJsonata('$count([1..300000][$ % 2 = 0])', null, 30_000),
    ])
    expect(bomb).toMatchObject({ status: 'rejected', reason: { message: expect.stringContaining('more than 256 MB') } })
    expect(neighbour).toMatchObject({ status: 'fulfilled', value: 150_000 })
  }, 90_000)

  it('serves more than there are threads, each in its turn', async () => {
    const many = Array.from({ length: 40 }, async (_, index) => evaluateJsonata('n * 2', { n: index }))
    expect(await Promise.all(many)).toEqual(Array.from({ length: 40 }, (_, index) => index * 2))
  }, 60_000)
})
