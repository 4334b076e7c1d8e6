import type { z } from 'zod'
import { playbookContentSchema } from '@/domain/api/playbooks'
import { readExactJson, type ExactJson } from '@/domain/exact-json'
import type { Json } from '@/domain/json'
import { endOfString } from '@/domain/json-string'
import { refusalOfIssues, RequestRefused } from './problem'
import { mediaTypeOf } from './web-guard'

/** Room for a workload; a playbook's own limit (256 KB) is checked where it is parsed. */
const MAX_BODY_BYTES = 2 * 1024 * 1024

/** Where JSON is written again later, it is by recursion (security.md: 5,000 is where it dies). */
const MAX_NESTING = 200

/** Members of a body that are a run's data: what a person gave is used as it was given. */
const isData = (key: string): boolean => key === 'workload'

/**
 * The JSON body by its schema; integers beyond 2^53 in its `workload` as their digits, in text. Throws RequestRefused: 413,
 * 415, 400 (not JSON), 422 (not what the schema wants, or a number that can't be kept).
 */
export async function readJson<Schema extends z.ZodType>(request: Request, schema: Schema): Promise<z.output<Schema>> {
  if (mediaTypeOf(request) !== 'application/json') {
    throw new RequestRefused({ code: 'unsupported_media_type', detail: 'This call takes application/json.' })
  }
  const parsed = schema.safeParse(parseJson(await readText(request), isData))
  if (!parsed.success) throw new RequestRefused(refusalOfIssues(parsed.error))
  return parsed.data
}

/** Any JSON of at most so many bytes, integers as in a `workload`; null where there is no body. Throws as `readJson`. */
export async function readAnyJson(request: Request, mostBytes: number): Promise<Json> {
  const text = await readText(request, mostBytes)
  if (text.trim() === '') return null
  const type = mediaTypeOf(request)
  if (type !== 'application/json' && !type.endsWith('+json')) {
    throw new RequestRefused({ code: 'unsupported_media_type', detail: 'This call takes application/json.' })
  }
  return parseJson(text)
}

/** A playbook's text, sent as YAML or as `{content}`. Throws as `readJson`. */
export async function readPlaybookText(request: Request): Promise<string> {
  if (mediaTypeOf(request) === 'application/json') return (await readJson(request, playbookContentSchema)).content
  return readText(request)
}

/** The query parameters by their schema; one that is unknown or given twice is refused (422). */
export function readQuery<Schema extends z.ZodType>(request: Request, schema: Schema): z.output<Schema> {
  const { searchParams } = new URL(request.url)
  const names = [...searchParams.keys()]
  const twice = names.find((name, at) => names.indexOf(name) !== at)
  if (twice !== undefined) {
    const message = `the parameter ${twice} is given more than once`
    throw new RequestRefused({ code: 'invalid_request', detail: message, places: [{ path: twice, message }] })
  }
  const parsed = schema.safeParse(Object.fromEntries(searchParams))
  if (!parsed.success) throw new RequestRefused(refusalOfIssues(parsed.error))
  return parsed.data
}

async function readText(request: Request, mostBytes = MAX_BODY_BYTES): Promise<string> {
  const chunks: Uint8Array[] = []
  let bytes = 0
  for await (const chunk of request.body ?? []) {
    bytes += chunk.byteLength
    if (bytes > mostBytes) {
      throw new RequestRefused({
        code: 'payload_too_large',
        detail: `The request body is larger than ${mostBytes / 1024} KiB.`,
      })
    }
    chunks.push(chunk)
  }
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(Buffer.concat(chunks))
  } catch (cause) {
    throw new RequestRefused({ code: 'bad_request', detail: `The request body is not UTF-8: ${String(cause)}` })
  }
}

function parseJson(text: string, keeps?: (topKey: string) => boolean): Json {
  if (nestingOf(text) > MAX_NESTING) {
    throw new RequestRefused({
      code: 'invalid_request',
      detail: `The request body is nested deeper than ${MAX_NESTING}.`,
    })
  }
  const { value, lost } = readNumbers(text, keeps)
  if (lost.length === 0) return value
  const detail = lost.map(({ path, message }) => (path === '' ? message : `${path}: ${message}`)).join('; ')
  throw new RequestRefused({ code: 'invalid_request', detail, places: lost })
}

function readNumbers(text: string, keeps?: (topKey: string) => boolean): ExactJson {
  try {
    return readExactJson(text, keeps)
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause)
    throw new RequestRefused({ code: 'bad_request', detail: `The request body is not JSON: ${reason}` })
  }
}

/** The most brackets open at once, outside strings. */
function nestingOf(text: string): number {
  let open = 0
  let most = 0
  for (let at = 0; at < text.length; at++) {
    const c = text[at]
    if (c === '"') at = endOfString(text, at)
    else if (c === '{' || c === '[') most = Math.max(most, ++open)
    else if (c === '}' || c === ']') open--
  }
  return most
}

/** A header by its schema, or undefined when it isn't there. Throws RequestRefused (422). */
export function readHeader<Schema extends z.ZodType>(
  request: Request,
  name: string,
  schema: Schema,
): z.output<Schema> | undefined {
  const value = request.headers.get(name)
  if (value === null) return undefined
  const parsed = schema.safeParse(value)
  if (parsed.success) return parsed.data
  const message = parsed.error.issues.map((issue) => issue.message).join('; ')
  throw new RequestRefused({
    code: 'invalid_request',
    detail: `${name}: ${message}`,
    places: [{ path: name, message }],
  })
}
