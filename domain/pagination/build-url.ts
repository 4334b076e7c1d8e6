import { stringifyPreciseJson } from '../json-precise'

/** A URL with parameters: those of the same name in its query are replaced, the rest of the query stays byte for byte (signed URLs). */
export function buildUrl(
  url: string,
  params: Readonly<Record<string, unknown>>,
  path: Readonly<Record<string, string>>,
): string {
  const { head, query } = splitQuery(url)
  const kept = query === '' ? [] : query.split('&').filter((pair) => !Object.hasOwn(params, pairName(pair)))
  const added = Object.entries(params).flatMap(([name, value]) =>
    (Array.isArray(value) ? value : [value]).map((each) => `${encode(name)}=${encode(parameterText(each))}`),
  )
  const pairs = [...kept, ...added]
  const filled = fillPath(head, path)
  return pairs.length === 0 ? filled : `${filled}?${pairs.join('&')}`
}

/** Puts values in the places `{name}` of a path; without one, '', the place goes with the slash before it. */
export function fillPath(head: string, path: Readonly<Record<string, string>>): string {
  return Object.entries(path).reduce((text, [name, value]) => {
    const place = `{${name}}`
    return value === '' ? text.replace(`/${place}`, '') : text.replaceAll(place, encode(value))
  }, head)
}

/** A URL's parts before and after its `?`, the fragment dropped. */
export function splitQuery(url: string): { head: string; query: string } {
  const withoutFragment = url.split('#', 1)[0] ?? ''
  const mark = withoutFragment.indexOf('?')
  return mark === -1
    ? { head: withoutFragment, query: '' }
    : { head: withoutFragment.slice(0, mark), query: withoutFragment.slice(mark + 1) }
}

/** The parameters of a query, decoded; a name that comes twice has a list. */
export function readQuery(query: string): Record<string, string | string[]> {
  const params = new Map<string, string | string[]>()
  for (const [name, value] of new URLSearchParams(query)) {
    const before = params.get(name)
    params.set(name, before === undefined ? value : [before, value].flat())
  }
  return Object.fromEntries(params)
}

/** How a value is written as a parameter, header or form field. */
export function parameterText(value: unknown): string {
  if (typeof value === 'string') return value
  return value === null || value === undefined ? '' : stringifyPreciseJson(value)
}

const pairName = (pair: string): string => {
  const name = (pair.split('=', 1)[0] ?? '').replaceAll('+', ' ')
  try {
    return decodeURIComponent(name)
  } catch {
    return name
  }
}

/** A lone surrogate would make encodeURIComponent throw. */
const encode = (text: string): string => encodeURIComponent(text.toWellFormed())
