import { isAscii, isUtf8, transcode } from 'node:buffer'

type Decoded = { ok: true; text: string; utf8?: Buffer } | { ok: false; message: string }

const CHARSET = /;\s*charset\s*=\s*(?:"([^"]*)"|([^\s;]+))/i
/** What some servers write for UTF-8, or where they don't know of any charset. */
const AS_UTF8: ReadonlySet<string> = new Set([
  'utf8',
  'utf_8',
  'utf8mb3',
  'utf8mb4',
  'binary',
  'none',
  'null',
  'undefined',
  '',
])

/** A byte order mark is more telling than the header (WHATWG Encoding, "decode"). */
const MARKS: readonly { bytes: readonly number[]; charset: string }[] = [
  { bytes: [0xef, 0xbb, 0xbf], charset: 'utf-8' },
  { bytes: [0xff, 0xfe], charset: 'utf-16le' },
  { bytes: [0xfe, 0xff], charset: 'utf-16be' },
]

/**
 * The text of a body by its byte order mark, else by the charset of Content-Type, else as UTF-8; never with a replaced
 * character. `utf8` are its bytes, where they are UTF-8.
 */
export function decodeText(data: Buffer, contentType: string | undefined): Decoded {
  const mark = MARKS.find(({ bytes }) => bytes.every((byte, index) => data[index] === byte))
  const match = mark ? null : CHARSET.exec(contentType ?? '')
  const charset = mark?.charset ?? properName(match?.[1] ?? match?.[2] ?? '')
  const body = mark ? data.subarray(mark.bytes.length) : data
  if (charset === 'utf-8') return decodeUtf8(body)
  return decodeOther(body, charset)
}

/** Quotes that are none in a header go, and so does a second Content-Type behind the first. */
function properName(written: string): string {
  const name = (written.split(',', 1)[0] ?? '').replaceAll("'", '').trim().toLowerCase()
  return AS_UTF8.has(name) ? 'utf-8' : name
}

/** Most JSON is ASCII: its text is then one byte a character, checked and made several times faster. */
function decodeUtf8(body: Buffer): Decoded {
  if (isAscii(body)) return { ok: true, text: body.toString('latin1'), utf8: body }
  return isUtf8(body)
    ? { ok: true, text: textOfUtf8(body), utf8: body }
    : { ok: false, message: 'the response is not valid UTF-8' }
}

/** Larger ones are decoded as they are: their text takes twice the memory on the other way. */
const MOST_BY_UTF16 = 1 << 20

/** Node reads UTF-8 a character at a time; by way of UTF-16 it takes a quarter of that. */
const textOfUtf8 = (body: Buffer): string =>
  body.length > MOST_BY_UTF16 ? body.toString('utf8') : transcode(body, 'utf8', 'utf16le').toString('utf16le')

function decodeOther(body: Buffer, charset: string): Decoded {
  try {
    const decoder = new TextDecoder(charset, { fatal: true, ignoreBOM: true })
    return { ok: true, text: decoder.encoding === 'windows-1252' ? decodeWindows1252(body) : decoder.decode(body) }
  } catch (error) {
    const unknown = error instanceof RangeError
    const name = JSON.stringify(charset)
    return {
      ok: false,
      message: unknown
        ? `the response says charset ${name}, which is unknown`
        : `the response is not valid ${name}, which it says it is`,
    }
  }
}

/** Bytes 0x80 to 0x9f of windows-1252 (WHATWG Encoding); Node before 23 takes them for control characters. */
const WINDOWS_1252 = '€\x81‚ƒ„…†‡ˆ‰Š‹Œ\x8dŽ\x8f\x90‘’“”•–—˜™š›œ\x9džŸ'

const decodeWindows1252 = (body: Buffer): string =>
  body.toString('latin1').replace(/[\x80-\x9f]/g, (control) => WINDOWS_1252.charAt(control.charCodeAt(0) - 0x80))

/** The text of a body that is only shown, as well as it can be read: of an error page, its status is what counts. */
export const readableText = (body: Buffer): string => (isUtf8(body) ? body.toString('utf8') : decodeWindows1252(body))
