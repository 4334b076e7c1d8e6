/** More headers than these are not read. */
export const MAX_HEADER_BYTES = 64 * 1024

/** One sentence for a broken connection, by its code (Node's, OpenSSL's or llhttp's); the origin is all it names. */
export function networkMessage(code: string, origin: string): string {
  const known = SENTENCES[code]
  if (known) return known(origin)
  if (code.startsWith('HPE_')) return `${origin} answered with something that is not HTTP (${code})`
  if (/CERT|ISSUER|SIGNATURE/.test(code)) return `the TLS certificate of ${origin} can't be trusted (${code})`
  if (/^EPROTO$|SSL|TLS/.test(code))
    return `no TLS connection with ${origin} (${code}); does it expect http:// instead?`
  return `the connection to ${origin} failed (${code})`
}

const SENTENCES: Readonly<Record<string, (origin: string) => string>> = {
  ECONNREFUSED: (origin) => `connection to ${origin} refused; is the API running?`,
  ECONNRESET: (origin) => `${origin} broke the connection off before the response was complete`,
  EPIPE: (origin) => `${origin} broke the connection off while the request was being sent`,
  ENOTFOUND: (origin) => `the host name of ${origin} does not exist`,
  EAI_AGAIN: (origin) => `the name server gave no answer for ${origin}`,
  EHOSTUNREACH: (origin) => `no route to ${origin}`,
  ENETUNREACH: (origin) => `the network of ${origin} can't be reached from here`,
  ETIMEDOUT: (origin) => `${origin} did not answer the attempt to connect`,
  UND_ERR_HEADERS_OVERFLOW: (origin) => `${origin} sent more than ${MAX_HEADER_BYTES / 1024} KiB of headers`,
  UND_ERR_RES_CONTENT_LENGTH_MISMATCH: (origin) =>
    `${origin} broke HTTP: its Content-Length is given more than once, or is not the length of what it sent`,
  DEPTH_ZERO_SELF_SIGNED_CERT: (origin) => `the TLS certificate of ${origin} is self-signed, so it can't be trusted`,
  SELF_SIGNED_CERT_IN_CHAIN: (origin) =>
    `the TLS certificate of ${origin} comes from an authority that is not trusted here`,
  CERT_HAS_EXPIRED: (origin) => `the TLS certificate of ${origin} has expired`,
  ERR_TLS_CERT_ALTNAME_INVALID: (origin) => `the TLS certificate of ${origin} was made for another name`,
}

/** The code of an error from Node or undici; undici's "other side closed" is what others call ECONNRESET. */
export function networkCode(error: unknown): string {
  if (error instanceof Error && error.name === 'HTTPParserError') return 'HPE_INVALID_RESPONSE'
  const code = error instanceof Error && 'code' in error ? error.code : undefined
  if (code === 'UND_ERR_SOCKET') return 'ECONNRESET'
  // What undici's parser did not expect, as a status below 100.
  if (code === 'ERR_ASSERTION') return 'HPE_INVALID_RESPONSE'
  return typeof code === 'string' ? code : 'UNKNOWN'
}
