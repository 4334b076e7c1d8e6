/** Where the digits of large integers stand in the input of an expression, in text and as numbers. */
type Seen = { numbers: Map<string, Set<string>>; texts: Map<string, Set<string>> }

/** Digits that only a bigint holds. */
const LARGE = /^-?[1-9]\d{15,}$/

/**
 * The result of an expression with the integers beyond 2^53 of its input, which are text inside it, as bigint again. The same
 * digits may stand in the input as text too (`id` and `id_str`): then those are numbers that stand under a key of a number.
 */
export function restoreIntegers(result: unknown, input: unknown): unknown {
  const seen: Seen = { numbers: new Map(), texts: new Map() }
  collect(input, '', seen)
  return seen.numbers.size === 0 ? result : restored(result, '', seen)
}

function collect(value: unknown, key: string, seen: Seen): void {
  if (typeof value === 'bigint') return note(seen.numbers, String(value), key)
  if (typeof value === 'string') {
    if (LARGE.test(value)) note(seen.texts, value, key)
    return
  }
  if (typeof value !== 'object' || value === null) return
  for (const [name, member] of Object.entries(value)) collect(member, Array.isArray(value) ? key : name, seen)
}

function note(keys: Map<string, Set<string>>, digits: string, key: string): void {
  const known = keys.get(digits)
  if (known === undefined) keys.set(digits, new Set([key]))
  else known.add(key)
}

/** Elements of a list stand under the key of the list. */
function restored(value: unknown, key: string, seen: Seen): unknown {
  if (typeof value === 'string') return isNumber(value, key, seen) ? BigInt(value) : value
  if (Array.isArray(value)) return value.map((member) => restored(member, key, seen))
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, restored(member, name, seen)]))
}

function isNumber(text: string, key: string, { numbers, texts }: Seen): boolean {
  const asNumber = numbers.get(text)
  const asText = texts.get(text)
  if (asNumber === undefined) return false
  return asText === undefined || (asNumber.has(key) && !asText.has(key))
}
