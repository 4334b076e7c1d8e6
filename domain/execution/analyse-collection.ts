import { cutText } from '../cut-text'
import { DomainError } from '../domain-error'
import type { Loop, NumberSetting } from '../playbook/playbook'
import { budgetAtOnce, budgetOfElements, turnsOf, type Budget } from '../playbook/template/budget'
import { evaluateCondition, evaluateTemplate, renderDeep, type Scope } from '../playbook/template/evaluate-template'
import { isSecretText } from '../playbook/template/secret-text'
import { naming } from '../playbook/template/template-error'
import { sortByKeys } from './sort-by-keys'

export type AnalysedCollection = {
  /** Elements of the collection as it came. */
  totalCount: number
  /** What is iterated, in order: after `where`, `order_by` and `limit`, batched when the mode is `chunked`. */
  elements: unknown[]
  concurrency: number
}

/**
 * Evaluates a loop's collection and prepares it, in the order where, order_by, limit. It yields where others should have
 * their turn: conditions over 100,000 elements may take many seconds. Throws DomainError `collection_invalid` or `template`.
 */
export function* analyseCollection(step: string, loop: Loop, scope: Scope): Generator<undefined, AnalysedCollection> {
  // Without conditions over its elements nothing else has its turn in between.
  const budget = budgetAtOnce()
  const read = (key: string, setting: NumberSetting): unknown =>
    typeof setting === 'number' ? setting : naming(keyOf(step, key), () => evaluateTemplate(setting, scope, budget))
  const whole = (name: string, setting: NumberSetting, min: number): number =>
    wholeNumber(read(name, setting), { step, name, min })
  const all = elementsOf(
    step,
    naming(keyOf(step, 'collection'), () => renderDeep(loop.collection, scope, budget)),
  )
  const scopeOf = (element: unknown, index: number): Scope => ({
    ...scope,
    [loop.element]: element,
    _loop: { index, count: index + 1, size: all.length },
  })
  const { where, orderBy } = loop
  let elements = all
  let places = [...all.keys()]
  if (where !== null) {
    const holds = yield* overAll(all, (element, index, budget) =>
      naming(keyOf(step, 'where', index), () => evaluateCondition(where, scopeOf(element, index), budget)),
    )
    elements = all.filter((_element, index) => holds[index])
    places = places.filter((index) => holds[index])
  }
  if (orderBy !== null) {
    const keys = yield* overAll(elements, (element, index, budget) =>
      naming(keyOf(step, 'order_by', places[index]), () =>
        evaluateTemplate(orderBy.expression, scopeOf(element, index), budget),
      ),
    )
    elements = sortByKeys(elements, keys, orderBy)
  }
  const limit = loop.limit === null ? null : read('limit', loop.limit)
  // A limit that a template gives as null, such as an input that was left out, is none.
  if (limit !== null) elements = elements.slice(0, wholeNumber(limit, { step, name: 'limit', min: 0 }))
  if (loop.mode === 'chunked') {
    elements = inChunks(elements, whole('chunk_size', loop.chunkSize ?? elements.length, 1))
  }
  const concurrency = loop.mode === 'async' ? whole('concurrency', loop.concurrency, 1) : 1
  return { totalCount: all.length, elements, concurrency }
}

function* overAll<Value>(
  elements: readonly unknown[],
  evaluate: (element: unknown, index: number, budget: Budget) => Value,
): Generator<undefined, Value[]> {
  const budget = budgetOfElements()
  const isTurnOver = turnsOf(budget)
  const values: Value[] = []
  for (const [index, element] of elements.entries()) {
    values.push(evaluate(element, index, budget))
    if (isTurnOver()) yield
  }
  return values
}

/** What the error of a template says first: its key, and of which element of the collection, from 0, it was evaluated. */
const keyOf = (step: string, key: string, index?: number) => (): string =>
  `loop.${key} of step "${step}"${index === undefined ? '' : `, element ${index}`}`

/** An object's entries are iterated as `{key, value}`. */
function elementsOf(step: string, collection: unknown): unknown[] {
  if (Array.isArray(collection)) return collection
  if (typeof collection === 'object' && collection !== null && !isSecretText(collection)) {
    return Object.entries(collection).map(([key, value]) => ({ key, value }))
  }
  throw new DomainError(
    'collection_invalid',
    `The collection of step "${step}" is ${describe(collection)}, not a list and not an object.`,
    {
      hint: 'Let loop.collection be a lone {{ expression }} that gives a list: text around it makes it text. The path of a transform gives a list only of several things: [path] always does.',
    },
  )
}

function describe(value: unknown): string {
  if (value === null || value === undefined) return 'nothing (null)'
  if (typeof value === 'string') return `the text ${JSON.stringify(cutText(value, 60))}`
  if (typeof value === 'number' || typeof value === 'bigint' || typeof value === 'boolean')
    return `the ${typeof value === 'bigint' ? 'number' : typeof value} ${value}`
  if (isSecretText(value)) return 'a secret'
  return Array.isArray(value) ? 'a list' : 'an object'
}

function inChunks(elements: readonly unknown[], size: number): unknown[][] {
  const chunks: unknown[][] = []
  for (let at = 0; at < elements.length; at += size) chunks.push(elements.slice(at, at + size))
  return chunks
}

function wholeNumber(given: unknown, { step, name, min }: { step: string; name: string; min: number }): number {
  // Number() makes 0 of "", null, false and [], which would run nothing without a word.
  const value = typeof given === 'string' && /^\s*\d+\s*$/.test(given) ? Number(given) : given
  if (typeof value === 'number' && Number.isInteger(value) && value >= min) return value
  throw new DomainError(
    'collection_invalid',
    `loop.${name} of step "${step}" is ${describe(value)}; it must be a whole number of at least ${min}.`,
  )
}
