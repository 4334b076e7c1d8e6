import type { Socket } from 'node:net'
import { MAX_HEADER_BYTES } from './network-message'

/** The beginning of an interim answer. To switch protocols (101) nobody asked. */
const INTERIM = /^HTTP\/1\.[01] 1(?!01)\d\d[ \r\n]/
const CONTINUE = 'HTTP/1.1 100 '

/**
 * Takes interim answers (100 Continue, 103 Early Hints; RFC 9110, 15.2) out of what is read from a socket: any server may
 * send them, and undici breaks the connection off at a 100. `expectHead` is to be called before each request.
 */
export function skipInterim(socket: Socket): { expectHead(): void } {
  const read = socket.read.bind(socket)
  let atHead = true
  let held: Buffer | null = null

  /** Null: more is needed to tell. */
  const withoutInterim = (data: Buffer): Buffer | null => {
    let rest = data
    while (INTERIM.test(beginOf(rest))) {
      const end = rest.indexOf('\r\n\r\n')
      if (end === -1) return rest.length > MAX_HEADER_BYTES ? rest : keep(rest)
      rest = rest.subarray(end + 4)
    }
    return mayBeInterim(beginOf(rest)) ? keep(rest) : rest
  }
  const keep = (data: Buffer): null => {
    held = data
    return null
  }

  socket.read = (size?: number): Buffer | null => {
    for (;;) {
      const chunk: Buffer | null = read(size)
      if (chunk === null || !atHead) return chunk
      const data = withoutInterim(held === null ? chunk : Buffer.concat([held, chunk]))
      if (data === null) continue
      atHead = false
      held = null
      return data
    }
  }
  return {
    expectHead() {
      atHead = true
    },
  }
}

const beginOf = (data: Buffer): string => data.toString('latin1', 0, CONTINUE.length)

/** True of a beginning that is too short to tell. */
const mayBeInterim = (begin: string): boolean =>
  begin.length < CONTINUE.length && INTERIM.test(begin + CONTINUE.slice(begin.length))
