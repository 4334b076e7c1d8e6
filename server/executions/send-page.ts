import { wantsToken, withToken } from '@/domain/auth/bearer-token'
import type { TokenAnswer } from '@/domain/auth/token-answer'
import type { TokenRequest } from '@/domain/auth/token-request'
import type { HttpOutcome, HttpRequest } from '@/domain/http-message'
import { createAccessTokens, type AccessTokens } from '../http/access-tokens'
import { sendRequest } from '../http/send-request'

type Sending = {
  /** Null: the request goes out as it is. */
  tokenRequest: TokenRequest | null
  signal: AbortSignal
  /** Told of every token before anything that may hold it comes back. */
  onToken: (token: string) => void
}

/** The pages of one client share its token request, so no single page's end may abort it. */
const ofItsOwn = new AbortController().signal

let ownTokens: AccessTokens | undefined

/**
 * Sends a page's request, with its client's access token where it wants one. A 401 is answered once with a new token, where
 * that one isn't new already: that is the same try of the page. A token that can't be had is an outcome like any other; never throws.
 */
export async function sendPage(request: HttpRequest, sending: Sending): Promise<HttpOutcome> {
  const { tokenRequest, signal } = sending
  if (tokenRequest === null || !wantsToken(request)) return sendRequest(request, { signal })
  ownTokens ??= createAccessTokens((asking) => sendRequest(asking, { signal: ofItsOwn }))
  const first = await sendWithToken(ownTokens, request, { ...sending, tokenRequest })
  if (!isOtherWorth(ownTokens, tokenRequest, first)) return first.outcome
  const second = await sendWithToken(ownTokens, request, { ...sending, tokenRequest })
  isOtherWorth(ownTokens, tokenRequest, second)
  const sentAgain = second.token === null ? 0 : 1
  return { ...second.outcome, alsoSent: sentAgain + (first.outcome.alsoSent ?? 0) + (second.outcome.alsoSent ?? 0) }
}

type Sent = { outcome: HttpOutcome; token: string | null }

/** Tells what became of a token; true when the request was refused with it and another one may do better. */
function isOtherWorth(tokens: AccessTokens, tokenRequest: TokenRequest, { outcome, token }: Sent): boolean {
  if (token === null || outcome.kind === 'none') return false
  const { status } = outcome.response
  if (status < 400) tokens.accept(tokenRequest, token)
  return status === 401 && tokens.refuse(tokenRequest, token)
}

async function sendWithToken(
  tokens: AccessTokens,
  request: HttpRequest,
  { tokenRequest, signal, onToken }: Sending & { tokenRequest: TokenRequest },
): Promise<Sent> {
  const startedAt = new Date()
  const answer = await unlessAborted(tokens.get(tokenRequest), signal)
  if (answer === 'aborted' || answer.kind !== 'token') return { outcome: withoutToken(answer, startedAt), token: null }
  onToken(answer.token)
  return { outcome: await sendRequest(withToken(request, answer.token), { signal }), token: answer.token }
}

function withoutToken(answer: Exclude<TokenAnswer, { kind: 'token' }> | 'aborted', startedAt: Date): HttpOutcome {
  const common = { kind: 'none' as const, startedAt, durationMs: Date.now() - startedAt.getTime() }
  if (answer === 'aborted')
    return {
      ...common,
      failure: 'aborted',
      code: 'ABORTED',
      message: 'the request was given up because the run was stopped',
    }
  const told = { ...common, code: 'TOKEN', message: `no access token was given: ${answer.message}` }
  if (answer.kind === 'refused') return { ...told, failure: 'token_refused' }
  return { ...told, failure: 'token_unavailable', ...(answer.wait === null ? {} : { askedWait: answer.wait }) }
}

function unlessAborted<T>(promise: Promise<T>, signal: AbortSignal): Promise<T | 'aborted'> {
  if (signal.aborted) return Promise.resolve('aborted')
  return new Promise((resolve, reject) => {
    const abort = (): void => resolve('aborted')
    signal.addEventListener('abort', abort, { once: true })
    promise.then(resolve, reject).finally(() => signal.removeEventListener('abort', abort))
  })
}
