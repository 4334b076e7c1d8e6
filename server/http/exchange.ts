import type { Dispatcher } from 'undici'
import type { HttpMethod, HttpTiming, NoResponseKind } from '@/domain/http-message'
import { LONGEST_TIMER_MS } from '../longest-timer'
import { ConnectFailure } from './connect-failure'
import type { Connection, ConnectionPool, PooledRequest } from './connection-pool'
import { networkCode, networkMessage } from './network-message'
import { onAbort } from './on-abort'

/** One request on the wire: no redirects, no decoding. `deadline` on the clock of `performance.now()`. */
type WireRequest = {
  origin: string
  path: string
  method: HttpMethod
  headers: Record<string, string>
  body: string | null
  deadline: number
  timeoutMs: number
  idleTimeoutMs: number
  /** Of body as it comes over the wire: what is compressed counts compressed here. */
  maxBytes: number
  signal: AbortSignal
}

type RawHeaders = Record<string, string | string[] | undefined>

export type WireFailure = { kind: 'none'; failure: NoResponseKind; code: string; message: string }
export type WireOutcome =
  | {
      kind: 'response'
      status: number
      headers: RawHeaders
      chunks: Buffer[]
      bytes: number
      timing: HttpTiming
      /** Why `chunks` are not the whole body. */
      bodyFault: string | null
    }
  | WireFailure

/** Sends one request over the pool and reads the whole body. Never rejects, never sends twice. */
export function exchange(pool: ConnectionPool, request: WireRequest): Promise<WireOutcome> {
  return new Promise((resolve) => {
    if (request.signal.aborted) return resolve(ABORTED)
    pool.submit(new Exchange(request, resolve))
  })
}

/** Without a body, whatever their headers say. */
const BODILESS: ReadonlySet<number> = new Set([204, 304])

/** False before the headers came: there is no status 0. */
export const isErrorPage = (status: number): boolean => status !== 0 && (status < 200 || status > 299)

const ABORTED: WireFailure = {
  kind: 'none',
  failure: 'aborted',
  code: 'ABORTED',
  message: 'the request was given up because the run was stopped',
}

/** A request in flight: counts bytes and time, and settles once, whatever comes first. */
class Exchange implements PooledRequest {
  readonly origin: string
  readonly options: Dispatcher.DispatchOptions
  readonly #request: WireRequest
  readonly #resolve: (outcome: WireOutcome) => void
  readonly #totalTimer: NodeJS.Timeout
  readonly #stopListening: () => void
  #idleTimer: NodeJS.Timeout | undefined
  #connection: Connection | undefined
  #started = false
  #settled = false
  #sentAt = 0
  #headersAt = 0
  readonly #timing: HttpTiming = { dnsMs: 0, connectMs: 0, tlsMs: 0, waitMs: 0, bodyMs: 0 }
  #status = 0
  #headers: RawHeaders = {}
  #chunks: Buffer[] = []
  #bytes = 0

  constructor(request: WireRequest, resolve: (outcome: WireOutcome) => void) {
    const { origin, path, method, headers, body } = request
    this.#request = request
    this.#resolve = resolve
    this.origin = origin
    this.options = { origin, path, method, headers, body }
    const leftMs = Math.max(0, request.deadline - performance.now())
    this.#totalTimer = setTimeout(() => this.#timeOut(), Math.min(leftMs, LONGEST_TIMER_MS))
    this.#stopListening = onAbort(request.signal, () => this.#settle(ABORTED))
  }

  isSettled(): boolean {
    return this.#settled
  }

  onLent(connection: Connection): void {
    this.#connection = connection
  }

  /** undici may come here a second time, to send again over a new connection: whether to try again is not its decision. */
  onRequestStart(controller: Dispatcher.DispatchController): void {
    if (this.#started || this.#settled) {
      this.#settle(this.#broken('ECONNRESET'))
      return controller.abort(new Error('not sent again'))
    }
    this.#started = true
    this.#sentAt = performance.now()
    Object.assign(this.#timing, this.#connection?.takePhases())
  }

  onResponseStart(_controller: Dispatcher.DispatchController, status: number, headers: RawHeaders): void {
    if (status < 200) return
    this.#headersAt = performance.now()
    this.#timing.waitMs = this.#headersAt - this.#sentAt
    this.#status = status
    this.#headers = headers
    const announced = Number(headers['content-length'] ?? 0)
    const isHead = this.#request.method === 'HEAD'
    // They may name the length of a body that they don't have (RFC 9110, 8.6); undici waits for it, and the connection is lost.
    if (BODILESS.has(status) && announced > 0 && !isHead) return this.#settle(this.#response(null), false)
    if (announced > this.#request.maxBytes && !isHead)
      return this.#breakOff(tooLarge(announced, this.#request.maxBytes))
    this.#idleTimer = setTimeout(() => this.#stall(), Math.min(this.#request.idleTimeoutMs, LONGEST_TIMER_MS))
  }

  onResponseData(_controller: Dispatcher.DispatchController, chunk: Buffer): void {
    if (this.#settled) return
    this.#bytes += chunk.length
    if (this.#bytes > this.#request.maxBytes) return this.#breakOff(tooLarge(null, this.#request.maxBytes))
    this.#chunks.push(chunk)
    this.#idleTimer?.refresh()
  }

  onResponseEnd(): void {
    this.#settle(this.#response(null))
  }

  onResponseError(_controller: Dispatcher.DispatchController, error: Error): void {
    if (error instanceof ConnectFailure)
      return this.#settle({ kind: 'none', failure: error.failure, code: error.code, message: error.message })
    this.#breakOff(this.#broken(networkCode(error)))
  }

  /** No more of the body comes. What an error page says is not needed to know that it is one: its status and Retry-After decide. */
  #breakOff(failure: WireFailure): void {
    this.#settle(isErrorPage(this.#status) ? this.#response(failure.message) : failure, false)
  }

  #response(bodyFault: string | null): WireOutcome {
    this.#timing.bodyMs = performance.now() - this.#headersAt
    return {
      kind: 'response',
      status: this.#status,
      headers: this.#headers,
      chunks: this.#chunks,
      bytes: this.#bytes,
      timing: this.#timing,
      bodyFault,
    }
  }

  #broken(code: string): WireFailure {
    if (code === 'UND_ERR_INVALID_ARG') return UNSENDABLE
    return { kind: 'none', failure: 'network', code, message: networkMessage(code, this.#request.origin) }
  }

  #timeOut(): void {
    const { origin, timeoutMs } = this.#request
    const message =
      this.#headersAt > 0
        ? `${origin} had sent ${this.#bytes} bytes but not finished after ${seconds(timeoutMs)} (timeout)`
        : `${origin} gave no answer within ${seconds(timeoutMs)} (timeout)`
    this.#breakOff({ kind: 'none', failure: 'timeout', code: 'TIMEOUT', message })
  }

  #stall(): void {
    const { origin, idleTimeoutMs } = this.#request
    this.#breakOff({
      kind: 'none',
      failure: 'timeout',
      code: 'IDLE_TIMEOUT',
      message: `${origin} stopped sending after ${this.#bytes} bytes for ${seconds(idleTimeoutMs)} (idle_timeout)`,
    })
  }

  #settle(outcome: WireOutcome, isReusable = outcome.kind === 'response'): void {
    if (this.#settled) return
    this.#settled = true
    clearTimeout(this.#totalTimer)
    clearTimeout(this.#idleTimer)
    this.#stopListening()
    this.#resolve(outcome)
    this.#connection?.release(isReusable)
  }
}

const UNSENDABLE: WireFailure = {
  kind: 'none',
  failure: 'invalid_request',
  code: 'INVALID_REQUEST',
  message: 'the request holds something that HTTP/1.1 can not carry',
}

const seconds = (ms: number): string => `${ms / 1000} s`

/** `bytes` null: unknown, reading stopped at the cap. */
export function tooLarge(bytes: number | null, maxBytes: number): WireFailure {
  const size = bytes === null ? 'is larger than' : `is ${bytes} bytes, more than`
  return {
    kind: 'none',
    failure: 'response_too_large',
    code: 'RESPONSE_TOO_LARGE',
    message: `the response ${size} the ${maxBytes} bytes allowed (max_response_bytes)`,
  }
}
