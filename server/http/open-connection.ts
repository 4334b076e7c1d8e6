import { connect as connectTcp, type Socket } from 'node:net'
import { connect as connectTls, type TLSSocket } from 'node:tls'
import type { AddressGuard } from './address-guard'
import { ConnectFailure } from './connect-failure'
import { networkCode, networkMessage } from './network-message'

const CONNECT_TIMEOUT_MS = 10_000
/** How long one of several addresses may keep the next one waiting. */
const NEXT_ADDRESS_MS = 2_000

/** `host` without brackets; `tls` null for http. */
type Target = {
  host: string
  port: number
  origin: string
  tls: { servername: string | null; ca: string | null } | null
}

export type ConnectPhases = { dnsMs: number; connectMs: number; tlsMs: number }

type OpenConnection = { socket: Socket | TLSSocket; phases: ConnectPhases }

/** Opens a checked connection (TLS included) to one of the target's allowed addresses. Throws a ConnectFailure. */
export async function openConnection(guard: AddressGuard, target: Target): Promise<OpenConnection> {
  let socket: Socket | undefined
  try {
    const startedAt = performance.now()
    const pinned = await guard.resolve(target.host, target.port)
    const resolvedAt = performance.now()
    socket = await connectToFirst(pinned, target.port)
    await guard.checkRemote({ host: target.host, port: target.port, pinned, remote: socket.remoteAddress })
    const connectedAt = performance.now()
    if (target.tls) socket = await secure(socket, target.host, target.tls)
    if (socket.destroyed) throw Object.assign(new Error('closed'), { code: 'ECONNRESET' })
    const phases = {
      dnsMs: resolvedAt - startedAt,
      connectMs: connectedAt - resolvedAt,
      tlsMs: performance.now() - connectedAt,
    }
    return { socket, phases: target.tls ? phases : { ...phases, tlsMs: 0 } }
  } catch (error) {
    socket?.destroy()
    throw asConnectFailure(error, target.origin)
  }
}

async function connectToFirst(addresses: readonly string[], port: number): Promise<Socket> {
  const deadline = performance.now() + CONNECT_TIMEOUT_MS
  let failure: unknown = Object.assign(new Error('the name has no address'), { code: 'ENOTFOUND' })
  for (const [index, host] of addresses.entries()) {
    const left = deadline - performance.now()
    if (left <= 0) break
    try {
      return await settled(
        connectTcp({ host, port, noDelay: true, keepAlive: true }),
        'connect',
        index < addresses.length - 1 ? Math.min(left, NEXT_ADDRESS_MS) : left,
      )
    } catch (error) {
      failure = error
    }
  }
  throw failure
}

function secure(
  socket: Socket,
  host: string,
  tls: { servername: string | null; ca: string | null },
): Promise<TLSSocket> {
  const secured = connectTls({
    socket,
    host,
    ALPNProtocols: ['http/1.1'],
    ...(tls.servername ? { servername: tls.servername } : {}),
    ...(tls.ca ? { ca: tls.ca } : {}),
  })
  return settled(secured, 'secureConnect', CONNECT_TIMEOUT_MS)
}

/** Waits for the socket's event; on an error or after `timeoutMs` the socket is destroyed. */
function settled<T extends Socket>(socket: T, event: 'connect' | 'secureConnect', timeoutMs: number): Promise<T> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => {
      socket.destroy(Object.assign(new Error('no connection in time'), { code: 'ETIMEDOUT' }))
    }, timeoutMs)
    const onError = (error: Error) => {
      clearTimeout(timer)
      reject(error)
    }
    const onClose = () => onError(Object.assign(new Error('closed'), { code: 'ECONNRESET' }))
    socket.once('error', onError)
    socket.once('close', onClose)
    socket.once(event, () => {
      clearTimeout(timer)
      socket.on('error', heardElsewhere)
      socket.off('error', onError)
      socket.off('close', onClose)
      resolve(socket)
    })
  })
}

/** Between two owners a socket still needs a listener, or its error would end the process; `close` tells the next owner. */
const heardElsewhere = (): void => undefined

function asConnectFailure(error: unknown, origin: string): ConnectFailure {
  if (error instanceof ConnectFailure) return error
  const code = networkCode(error)
  return new ConnectFailure(code === 'ETIMEDOUT' ? 'timeout' : 'network', code, networkMessage(code, origin), error)
}
