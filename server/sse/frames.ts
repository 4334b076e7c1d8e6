import type { LoggedEvent } from '../db/read-event-log'

/** One message of a stream as bytes, made once and shared by all who get it. */
export type Frame = { seq: number; bytes: Uint8Array }

const encoder = new TextEncoder()

/** A comment line: keeps proxies from closing a quiet stream. */
export const HEARTBEAT = encoder.encode(': still here\n\n')

export const eventFrame = ({ seq, type, json }: LoggedEvent): Frame => ({
  seq,
  bytes: encoder.encode(`id: ${seq}\nevent: ${type}\ndata: ${json}\n\n`),
})

/** The message after the terminal event; the server closes after it. */
export const endFrame = (seq: number): Uint8Array =>
  encoder.encode(`id: ${seq}\nevent: end\ndata: ${JSON.stringify({ seq })}\n\n`)

/** A message without a place in a log. `json` holds no line break. */
export const messageFrame = (event: string, json: string): Uint8Array =>
  encoder.encode(`event: ${event}\ndata: ${json}\n\n`)

/** Frames as one chunk. */
export const joinFrames = (frames: readonly Frame[]): Uint8Array =>
  frames.length === 1 && frames[0] !== undefined ? frames[0].bytes : Buffer.concat(frames.map((frame) => frame.bytes))

/** What a stream is sent with: no proxy may buffer or compress it. */
export const STREAM_HEADERS: Readonly<Record<string, string>> = {
  'content-type': 'text/event-stream; charset=utf-8',
  'cache-control': 'no-cache, no-transform',
  'x-accel-buffering': 'no',
}
