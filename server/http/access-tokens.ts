import { readTokenAnswer, type TokenAnswer } from '@/domain/auth/token-answer'
import { tokenHttpRequest, type ClientAuth, type TokenRequest } from '@/domain/auth/token-request'
import type { HttpOutcome, HttpRequest } from '@/domain/http-message'

export type AccessTokens = {
  /** The client's token, fetched if there is no fresh one; whoever asks meanwhile shares that one request. Never throws. */
  get(request: TokenRequest): Promise<TokenAnswer>
  /** The API took this token. */
  accept(request: TokenRequest, token: string): void
  /**
   * The API refused this token. True: the next `get` gives another. False: this one is as new as one can be, and it is not
   * replaced for half a minute, so that ten thousand refused elements don't ask for ten thousand tokens.
   */
  refuse(request: TokenRequest, token: string): boolean
}

type Unavailable = Extract<TokenAnswer, { kind: 'unavailable' }>

type Client = {
  token: Extract<TokenAnswer, { kind: 'token' }> | null
  /** On this process's clock: from the first time on another token is asked for, from the second on this one is of no use. */
  freshUntil: number
  goodUntil: number
  fetching: Promise<TokenAnswer> | null
  /** The token is there in the place of one that was refused, and was taken by nobody yet. */
  isReplacement: boolean
  /** Until then a refusal is believed. */
  refusedUntil: number
  /** The endpoint has asked not to be asked before: nobody asks meanwhile. */
  closed: { until: number; answer: Unavailable; reason: string } | null
  clientAuth: ClientAuth
}

/** A token is replaced this long before it expires, or a fifth of its life before where that is less. */
const EARLY_MS = 60_000
const EARLY_PART = 0.2

/** So long a refusal of a new token counts for all that come after. */
const REFUSED_MS = 30_000

const MOST_CLIENTS = 1_000

/** The tokens of one process, by client credentials. They are in memory only. */
export function createAccessTokens(
  send: (request: HttpRequest) => Promise<HttpOutcome>,
  now: () => number = () => performance.now(),
): AccessTokens {
  const clients = new Map<string, Client>()

  const clientOf = (request: TokenRequest): Client => {
    const key = JSON.stringify(request)
    const known = clients.get(key)
    if (known !== undefined) return known
    const client: Client = {
      token: null,
      freshUntil: 0,
      goodUntil: 0,
      fetching: null,
      isReplacement: false,
      refusedUntil: 0,
      closed: null,
      clientAuth: 'basic',
    }
    if (clients.size >= MOST_CLIENTS) clients.delete(clients.keys().next().value ?? '')
    clients.set(key, client)
    return client
  }

  const ask = async (request: TokenRequest, client: Client): Promise<TokenAnswer> => {
    const answer = readTokenAnswer(await send(tokenHttpRequest(request, client.clientAuth)))
    if (answer.kind === 'token' || !answer.otherWay) return answer
    const other: ClientAuth = client.clientAuth === 'basic' ? 'body' : 'basic'
    const second = readTokenAnswer(await send(tokenHttpRequest(request, other)))
    // Whether the other way would have done is not known while the server is away.
    if (second.kind === 'refused') return answer
    if (second.kind === 'token') client.clientAuth = other
    return second
  }

  const fetchToken = async (request: TokenRequest, client: Client): Promise<TokenAnswer> => {
    const askedAt = now()
    const answer = await ask(request, client).finally(() => {
      client.fetching = null
    })
    client.closed =
      answer.kind === 'unavailable' && answer.wait !== null
        ? { until: now() + answer.wait.delayMs, answer, reason: answer.wait.reason }
        : null
    if (answer.kind === 'unavailable') return goodToken(client) ?? answer
    if (answer.kind === 'refused') return answer
    client.token = answer
    client.freshUntil = askedAt + lifeOf(answer.lifetimeMs)
    client.goodUntil = askedAt + (answer.lifetimeMs ?? Infinity)
    return answer
  }

  /** The token that a new one is wanted for already, while it lives: a server that is away early harms nobody. */
  const goodToken = ({ token, goodUntil }: Client): TokenAnswer | null => (now() < goodUntil ? token : null)

  return {
    get(request) {
      const client = clientOf(request)
      if (client.token !== null && now() < client.freshUntil) return Promise.resolve(client.token)
      const { closed } = client
      if (closed !== null && now() < closed.until) {
        const good = goodToken(client)
        if (good !== null) return Promise.resolve(good)
        const wait = { delayMs: Math.ceil(closed.until - now()), reason: closed.reason }
        return Promise.resolve({ ...closed.answer, wait })
      }
      client.fetching ??= fetchToken(request, client)
      return client.fetching
    },
    accept(request, token) {
      const client = clientOf(request)
      if (client.token?.token === token) client.isReplacement = false
    },
    refuse(request, token) {
      const client = clientOf(request)
      if (client.token?.token !== token) return true
      if (now() < client.refusedUntil) return false
      const isHopeless = client.isReplacement
      client.isReplacement = !isHopeless
      if (isHopeless) client.refusedUntil = now() + REFUSED_MS
      else client.token = null
      return !isHopeless
    },
  }
}

/** Without `expires_in` a token is good until the API says 401. */
const lifeOf = (lifetimeMs: number | null): number =>
  lifetimeMs === null ? Infinity : lifetimeMs - Math.min(EARLY_MS, lifetimeMs * EARLY_PART)
