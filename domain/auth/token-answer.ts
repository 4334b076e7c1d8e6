import { z } from 'zod'
import { cutText } from '../cut-text'
import type { AskedWait, HttpOutcome, HttpResponse } from '../http-message'
import { readAskedWait } from '../retry/asked-wait'
import { isRetryable } from '../retry/retry-policy'

/** What asking for a token gave. `unavailable` may pass by itself; `refused` won't, but for another way to name the client. */
export type TokenAnswer =
  | { kind: 'token'; token: string; lifetimeMs: number | null }
  | { kind: 'refused'; message: string; otherWay: boolean }
  /** `wait`: not before that, says the server. */
  | { kind: 'unavailable'; message: string; otherWay: false; wait: AskedWait | null }

const answerSchema = z.object({
  access_token: z.string().regex(/^[\x21-\x7e]+$/),
  token_type: z
    .string()
    // BearerToken: Apigee.
    .regex(/^bearer(?:token)?$/i)
    .optional(),
  expires_in: z.coerce.number().positive().nullish().catch(null),
})
const errorSchema = z.object({ error: z.string().optional(), error_description: z.string().optional() })

/** Reads the answer of a token endpoint (RFC 6749, 5.1 and 5.2). Messages hold no token, but what the server says of an error. */
export function readTokenAnswer(outcome: HttpOutcome): TokenAnswer {
  if (outcome.kind === 'none') {
    const { message } = outcome
    return isRetryable(outcome.failure, null)
      ? { kind: 'unavailable', message, otherWay: false, wait: null }
      : { kind: 'refused', message, otherWay: false }
  }
  const { response } = outcome
  const { status } = response
  if (status < 200 || status > 299) {
    const message = `${originOf(response)} answered ${status}${saidBy(response)}`
    if (!isRetryable('http_error', status))
      return { kind: 'refused', message, otherWay: status === 400 || status === 401 }
    const answeredAt = new Date(outcome.startedAt.getTime() + outcome.durationMs)
    const wait = readAskedWait(status, response.headers, answeredAt)
    return {
      kind: 'unavailable',
      message,
      otherWay: false,
      wait: wait && { ...wait, reason: `${wait.reason} of the token endpoint` },
    }
  }
  const answer = answerSchema.safeParse(parsedJson(response.text))
  if (!answer.success) return { kind: 'refused', message: faultOf(response, answer.error), otherWay: false }
  const { access_token: token, expires_in: seconds } = answer.data
  return { kind: 'token', token, lifetimeMs: typeof seconds === 'number' ? seconds * 1000 : null }
}

function faultOf(response: HttpResponse, error: z.ZodError): string {
  const key = error.issues[0]?.path.join('.') ?? ''
  const what = key === 'token_type' ? 'a token that is no bearer token' : 'no access_token'
  return `${originOf(response)} answered ${response.status} with ${what}`
}

function saidBy(response: HttpResponse): string {
  const said = errorSchema.safeParse(parsedJson(response.text))
  const words = said.success ? [said.data.error, said.data.error_description].filter((word) => word !== undefined) : []
  return words.length === 0 ? '' : `: ${cutText(words.join(', '), 200)}`
}

const originOf = (response: HttpResponse): string => new URL(response.url).origin

function parsedJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
