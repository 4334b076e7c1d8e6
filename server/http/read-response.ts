import { isUtf8 } from 'node:buffer'
import type { HttpResponse } from '@/domain/http-message'
import { decodeText, readableText } from './decode-text'
import { decompress, isGzip } from './decompress'
import { isErrorPage, tooLarge, type WireFailure, type WireOutcome } from './exchange'
import { headerText } from './header-text'

type Answer = Extract<WireOutcome, { kind: 'response' }>

/**
 * Decompresses and decodes an answer off the wire; `response_too_large` and `decode` are its failures. What an error
 * page says is not needed to know that it is one, so it may be unreadable (`bodyFault`): the status and Retry-After decide.
 */
export async function readResponse(
  answer: Answer,
  options: { url: string; maxBytes: number; credentialsStripped: boolean },
): Promise<{ kind: 'response'; response: HttpResponse } | WireFailure> {
  const headers = joinHeaders(answer.headers)
  const encoding = headers['content-encoding']
  let { bodyFault } = answer
  let data = joinChunks(answer.chunks)
  if (encoding !== undefined || isGzip(data)) {
    const result = await decompress(data, encoding ?? '', options.maxBytes)
    if (!result.ok) {
      const failure = result.reason === 'too_large' ? tooLarge(null, options.maxBytes) : undecodable(result.message)
      if (!isErrorPage(answer.status)) return failure
      const text = onlyText(data)
      if (text.length === 0) bodyFault ??= failure.message
      data = text
    } else data = result.data
  }
  const decoded = decodeText(data, headers['content-type'])
  if (!decoded.ok && !isErrorPage(answer.status)) return undecodable(decoded.message)
  const { url, credentialsStripped } = options
  const { text, utf8 } = decoded.ok ? decoded : { text: readableText(data) }
  return {
    kind: 'response',
    response: {
      status: answer.status,
      headers,
      text,
      ...(utf8 && { utf8 }),
      bytes: data.length,
      ...(bodyFault !== null && { bodyFault }),
      url,
      credentialsStripped,
    },
  }
}

/** Proxies send plain error pages under the API's Content-Encoding. */
const onlyText = (data: Buffer): Buffer => (isUtf8(data) ? data : Buffer.alloc(0))

/** Most pages come in one piece, which is then used as it is. */
function joinChunks(chunks: Buffer[]): Buffer {
  const [only] = chunks
  return only !== undefined && chunks.length === 1 ? only : Buffer.concat(chunks)
}

function joinHeaders(raw: Answer['headers']): Record<string, string> {
  const headers: Record<string, string> = {}
  for (const [name, value] of Object.entries(raw)) {
    if (value === undefined || name === 'set-cookie') continue
    headers[name] = headerText(typeof value === 'string' ? value : value.join(', '))
  }
  return headers
}

const undecodable = (message: string): WireFailure => ({ kind: 'none', failure: 'decode', code: 'DECODE', message })
