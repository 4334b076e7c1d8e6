import { promisify } from 'node:util'
import * as zlib from 'node:zlib'

type Options = { maxOutputLength: number; chunkSize: number; info: true }
/** What zlib gives with `info`: `bytesWritten` are those of the input that it took. */
type Inflated = { buffer: Buffer; engine: { bytesWritten: number } }
/** Throws a RangeError with `code` ERR_BUFFER_TOO_LARGE when more than `maxOutputLength` bytes would come out. */
type Inflate = (data: Buffer, options: Options) => Promise<unknown>

const MAX_CODINGS = 3
/** NUL, line breaks and spaces: what some servers write behind a body. Anything else would be content that is lost. */
const PADDING: ReadonlySet<number> = new Set([0, 10, 13, 32])
const OUTPUT_CHUNK_BYTES = 64 * 1024

const gunzip: Inflate = promisify(zlib.gunzip)
const inflateZlib: Inflate = promisify(zlib.inflate)
const inflateRaw: Inflate = promisify(zlib.inflateRaw)
const brotli: Inflate = promisify(zlib.brotliDecompress)
/** "deflate" means zlib's wrapper (RFC 9110, 8.4.1.2), but some servers send it bare: its first byte tells. */
const inflate: Inflate = (data, options) => (((data[0] ?? 0) & 0x0f) === 8 ? inflateZlib : inflateRaw)(data, options)

const INFLATES: ReadonlyMap<string, Inflate> = new Map([
  ['gzip', gunzip],
  ['x-gzip', gunzip],
  ['deflate', inflate],
  ['br', brotli],
  ...zstdIfPresent(),
])

/** What we can read, for Accept-Encoding. */
export const ACCEPT_ENCODING = [...INFLATES.keys()].filter((name) => name !== 'x-gzip').join(', ')

type Decompressed = { ok: true; data: Buffer } | { ok: false; reason: 'too_large' | 'unreadable'; message: string }

/**
 * Undoes the codings of a Content-Encoding header, and gzip that no header names: a file of its own, or packed once more on
 * its way. Stops as soon as more than `maxBytes` come out, so a bomb costs no more than that.
 */
export async function decompress(data: Buffer, contentEncoding: string, maxBytes: number): Promise<Decompressed> {
  const codings = contentEncoding
    .toLowerCase()
    .split(',')
    .map((coding) => coding.trim())
    .filter((coding) => coding !== '' && !isNoCoding(coding))
  if (codings.length > MAX_CODINGS) return unreadable(`the response is compressed ${codings.length} times over`)
  if (data.length === 0) return { ok: true, data }
  let current = data
  for (const coding of codings.toReversed()) {
    const undone = await undo(current, coding, maxBytes)
    if (!undone.ok) return undone
    current = undone.data
  }
  return isGzip(current) ? undo(current, 'gzip', maxBytes) : { ok: true, data: current }
}

/** No text begins so: the second byte is none of UTF-8. */
export const isGzip = (data: Buffer): boolean => data[0] === 0x1f && data[1] === 0x8b

async function undo(packed: Buffer, coding: string, maxBytes: number): Promise<Decompressed> {
  const inflateBy = INFLATES.get(coding)
  if (!inflateBy)
    return unreadable(
      `the response came with Content-Encoding ${JSON.stringify(coding)}, which was not asked for and can't be read`,
    )
  try {
    const options = { maxOutputLength: maxBytes, chunkSize: OUTPUT_CHUNK_BYTES, info: true } as const
    const { buffer, engine } = (await inflateBy(packed, options)) as Inflated
    const left = packed.subarray(engine.bytesWritten)
    if (left.some((byte) => !PADDING.has(byte)))
      return unreadable(`${left.length} bytes follow the end of what is packed as ${coding}`)
    return { ok: true, data: buffer }
  } catch (error) {
    if (error instanceof RangeError)
      return { ok: false, reason: 'too_large', message: `more than ${maxBytes} bytes when decompressed` }
    const detail = error instanceof Error ? error.message : String(error)
    return unreadable(`the response is not valid ${coding}: ${detail}`)
  }
}

/** What some servers write where nothing is packed: that, how it travelled, or the charset. */
const NO_CODINGS: ReadonlySet<string> = new Set(['identity', 'none', 'binary', '7bit', '8bit', 'aws-chunked'])

const isNoCoding = (coding: string): boolean => NO_CODINGS.has(coding) || isCharset(coding)

function isCharset(name: string): boolean {
  try {
    return new TextDecoder(name).encoding !== ''
  } catch {
    return false
  }
}

const unreadable = (message: string): Decompressed => ({ ok: false, reason: 'unreadable', message })

/** Node has zstd from 22.15 on. */
function zstdIfPresent(): [string, Inflate][] {
  const found: unknown = Reflect.get(zlib, 'zstdDecompress')
  return typeof found === 'function' ? [['zstd', promisify(found as typeof zlib.gunzip)]] : []
}
