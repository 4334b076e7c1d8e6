import { isIP } from 'node:net'
import { Client, type Dispatcher } from 'undici'
import type { AddressGuard } from './address-guard'
import { MAX_HEADER_BYTES } from './network-message'
import { openConnection, type ConnectPhases } from './open-connection'
import { skipInterim } from './skip-interim'

const CONNECTIONS_PER_ORIGIN = 256
/**
 * Below the 2 s after which the most impatient servers close an idle connection: a request that meets the closing is lost,
 * and a POST is not tried again. A server that says when it closes (`Keep-Alive: timeout`) is believed.
 */
const IDLE_CLOSE_MS = 1_500

/** A connection lent to one request at a time. */
export type Connection = {
  /** What opening it cost; null when a request before this one was told. */
  takePhases(): ConnectPhases | null
  /** Ends the loan; a connection that is not `reusable` is closed with whatever still happens on it. */
  release(reusable: boolean): void
}

/** A request that wants a connection. */
export type PooledRequest = Dispatcher.DispatchHandler & {
  readonly origin: string
  readonly options: Dispatcher.DispatchOptions
  /** True once it was given up: it takes no connection any more. */
  isSettled(): boolean
  onLent(connection: Connection): void
}

export type ConnectionPool = {
  /** Sends the request over an idle connection to its origin, else a new one, else the next that becomes free. */
  submit(request: PooledRequest): void
  close(): Promise<void>
}

type Member = { client: Client; takePhases: () => ConnectPhases | null; expectHead: () => void }
type Origin = { members: Set<Member>; idle: Member[]; waiting: PooledRequest[] }
type Settings = { guard: AddressGuard; ca: string | null }

/**
 * Keep-alive connections by origin, each opened through the guard; idle ones close by themselves. Not undici's Pool:
 * that one takes a connection for busy until a turn after its response, and so opens two for one request at a time.
 */
export function createConnectionPool(settings: Settings): ConnectionPool {
  const origins = new Map<string, Origin>()

  const drop = (name: string, origin: Origin, member: Member) => {
    origin.members.delete(member)
    origin.idle = origin.idle.filter((one) => one !== member)
    if (origin.members.size === 0 && origin.waiting.length === 0) origins.delete(name)
    void member.client.destroy()
  }

  const add = (name: string, origin: Origin): Member => {
    const member = openMember(name, settings)
    origin.members.add(member)
    member.client.on('disconnect', () => {
      if (origin.idle.includes(member)) drop(name, origin, member)
    })
    return member
  }

  const lend = (name: string, origin: Origin, member: Member, request: PooledRequest) => {
    const release = (reusable: boolean) => {
      if (reusable) origin.idle.push(member)
      else drop(name, origin, member)
      const next = nextWaiting(origin)
      if (next) lend(name, origin, origin.idle.pop() ?? add(name, origin), next)
    }
    member.expectHead()
    request.onLent({ takePhases: member.takePhases, release })
    member.client.dispatch(request.options, request)
  }

  return {
    submit(request) {
      const name = request.origin
      const origin = origins.get(name) ?? { members: new Set(), idle: [], waiting: [] }
      origins.set(name, origin)
      const idle = origin.idle.pop()
      if (idle) return lend(name, origin, idle, request)
      if (origin.members.size < CONNECTIONS_PER_ORIGIN) return lend(name, origin, add(name, origin), request)
      origin.waiting.push(request)
    },
    async close() {
      const members = [...origins.values()].flatMap((origin) => [...origin.members])
      origins.clear()
      await Promise.all(members.map(({ client }) => client.destroy()))
    },
  }
}

function nextWaiting(origin: Origin): PooledRequest | undefined {
  for (;;) {
    const next = origin.waiting.shift()
    if (!next?.isSettled()) return next
  }
}

/** No pipelining: with it, undici sends a request again after the one before it broke the connection. */
function openMember(name: string, { guard, ca }: Settings): Member {
  let fresh: ConnectPhases | null = null
  let reader: { expectHead(): void } | null = null
  const client = new Client(name, {
    pipelining: 1,
    keepAliveTimeout: IDLE_CLOSE_MS,
    maxHeaderSize: MAX_HEADER_BYTES,
    // Timeouts are the exchange's: they must say what was waited for, to the millisecond.
    headersTimeout: 0,
    bodyTimeout: 0,
    connect: ({ hostname, port, protocol }, callback) => {
      const secure = protocol === 'https:'
      // A literal address goes without SNI (RFC 6066, 3); the certificate is checked against it all the same.
      const tls = secure ? { servername: isIP(hostname) === 0 ? hostname : null, ca } : null
      openConnection(guard, { host: hostname, port: Number(port || (secure ? 443 : 80)), origin: name, tls }).then(
        ({ socket, phases }) => {
          fresh = phases
          reader = skipInterim(socket)
          callback(null, socket)
        },
        (error: Error) => callback(error, null),
      )
    },
  })
  const takePhases = () => {
    const phases = fresh
    fresh = null
    return phases
  }
  return { client, takePhases, expectHead: () => reader?.expectHead() }
}
