import type { Socket } from 'node:net'
import pg from 'pg'
import { guardFromEnv } from '../http/guard-from-env'
import { openConnection } from '../http/open-connection'

type Connected = ((error: Error) => void) | ((error: null, client: pg.Client) => void)

/** A pg client whose connection is made by the network guard: its addresses are checked, pinned, and checked once more. */
export class GuardedClient extends pg.Client {
  override connect(): Promise<pg.Client>
  override connect(connected: Connected): void
  override connect(connected?: Connected): Promise<pg.Client> | void {
    if (connected === undefined) return this.open().then(async () => super.connect())
    this.open().then(
      () => super.connect(connected),
      (error: unknown) => Reflect.apply(connected, undefined, [error]),
    )
  }

  private async open(): Promise<void> {
    const { host, port } = this
    const { socket } = await openConnection(guardFromEnv(), { host, port, origin: `${host}:${port}`, tls: null })
    Object.assign(this.connection, { stream: asUnconnected(socket) })
  }
}

/** pg connects a socket by itself, and goes on when it hears so. */
function asUnconnected(socket: Socket): Socket {
  const connect = (): Socket => {
    process.nextTick(() => socket.emit('connect'))
    return socket
  }
  return Object.assign(socket, { connect })
}
