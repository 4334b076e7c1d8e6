import { HEARTBEAT } from './frames'

/** What a client may have waiting before it counts as too slow. */
const MAX_QUEUED_BYTES = 1024 * 1024
/** A client that takes nothing for so long is gone. */
const STALLED_MS = 30_000

export type Outlet = {
  body: ReadableStream<Uint8Array>
  /** True while the client has room for more. */
  hasRoom: () => boolean
  /** Gives bytes to the client; one that has no room is disconnected instead, and resumes by itself. */
  send: (bytes: Uint8Array) => void
  heartbeat: () => void
  /** Closes after everything sent has been taken. */
  end: () => void
}

/** The server's end of one streaming answer. `onRoom` is called whenever the client can take more, `onClosed` once. */
export function openOutlet(on: { room: () => Promise<void> | void; closed: () => void }): Outlet {
  let controller: ReadableStreamDefaultController<Uint8Array> | null = null
  let tookAt = performance.now()

  const close = (): void => {
    if (controller === null) return
    controller = null
    on.closed()
  }
  const drop = (): void => {
    // Next.js takes an AbortError for a client that went away, and frees the socket without logging a failure.
    controller?.error(new DOMException('the client is too slow', 'AbortError'))
    close()
  }
  const hasRoom = (): boolean => (controller?.desiredSize ?? 0) > 0

  const body = new ReadableStream<Uint8Array>(
    {
      start(made) {
        controller = made
        // An answer's headers go out with its first bytes, and a client waits for them to say that it is connected.
        made.enqueue(HEARTBEAT)
      },
      pull() {
        tookAt = performance.now()
        return on.room()
      },
      cancel: close,
    },
    { highWaterMark: MAX_QUEUED_BYTES, size: (chunk) => chunk?.byteLength ?? 0 },
  )

  return {
    body,
    hasRoom,
    send(bytes) {
      if (hasRoom()) controller?.enqueue(bytes)
      else drop()
    },
    heartbeat() {
      if (hasRoom()) controller?.enqueue(HEARTBEAT)
      else if (performance.now() - tookAt > STALLED_MS) drop()
    },
    end() {
      controller?.close()
      close()
    },
  }
}
