import { recordOf, textOf } from '@/domain/execution/view-context'

export type SentRequest = { method: string; url: string; headers: Record<string, string>; body: string | null }

/** The stored request as a screen needs it; what was masked stays masked. */
export function sentRequest(stored: Record<string, unknown>): SentRequest {
  const headers = Object.entries(recordOf(stored['headers']) ?? {}).map(([name, value]): [string, string] => [
    name,
    String(value),
  ])
  const { body } = stored
  return {
    method: textOf(stored, 'method') ?? 'GET',
    url: withParams(textOf(stored, 'url') ?? '', recordOf(stored['params']) ?? {}),
    headers: Object.fromEntries(headers),
    body: body === null || body === undefined ? null : bodyText(body),
  }
}

/** The query is stored beside the address, because a masked address is none that could be parsed. */
function withParams(url: string, params: Record<string, unknown>): string {
  const query = new URLSearchParams(
    Object.entries(params).flatMap(([name, value]) =>
      (Array.isArray(value) ? value : [value]).map((one) => [name, plain(one)]),
    ),
  )
  const text = query.toString().replaceAll('%E2%80%A2', '•')
  if (text === '') return url
  return `${url}${url.includes('?') ? '&' : '?'}${text}`
}

const plain = (value: unknown): string => (typeof value === 'string' ? value : JSON.stringify(value))

const bodyText = (body: unknown): string => (typeof body === 'string' ? body : JSON.stringify(body, null, 2))

/** The request as a command for a terminal; quotes are closed around quotes, so nothing in it can end the word. */
export function toCurl({ method, url, headers, body }: SentRequest): string {
  const quoted = (text: string) => `'${text.replaceAll("'", `'\\''`)}'`
  return [
    `curl ${method === 'GET' ? '' : `-X ${method} `}${quoted(url)}`,
    ...Object.entries(headers).map(([name, value]) => `-H ${quoted(`${name}: ${value}`)}`),
    ...(body === null ? [] : [`--data-raw ${quoted(body)}`]),
  ].join(' \\\n  ')
}

export type ParamChange = { name: string; before: string | null; after: string | null }

/** The query parameters in which two requests differ. */
export function changedParams(before: string, after: string): ParamChange[] {
  const [old, fresh] = [paramsOf(before), paramsOf(after)]
  return [...new Set([...old.keys(), ...fresh.keys()])]
    .map((name) => ({ name, before: old.get(name) ?? null, after: fresh.get(name) ?? null }))
    .filter((change) => change.before !== change.after)
}

const paramsOf = (url: string): Map<string, string> =>
  new Map(new URLSearchParams(url.includes('?') ? url.slice(url.indexOf('?')) : ''))
