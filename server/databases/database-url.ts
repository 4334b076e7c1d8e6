import { DomainError } from '@/domain/domain-error'

/** Where a registered database is, and how it is entered. */
export type DatabaseAddress = {
  host: string
  port: number
  user: string
  password: string
  database: string
  /** Null: in the clear, because the URL says `sslmode=disable`. */
  tls: { rejectUnauthorized: boolean } | null
}

/** Encrypted without a look at the certificate, in words of libpq and of its neighbours. */
const UNVERIFIED: ReadonlySet<string> = new Set(['require', 'no-verify'])

/**
 * A registered database's secret, which is a `postgres://user:password@host:port/database` URL. TLS with a certificate
 * that is checked, unless `?sslmode=` says `require` (no check, as in libpq) or `disable`. Files that a URL may name for
 * libpq are not read. Throws DomainError, with nothing of the value in it.
 */
export function readDatabaseUrl(name: string, value: string): DatabaseAddress {
  const url = URL.canParse(value) ? new URL(value) : null
  if (url === null || !/^postgres(?:ql)?:$/.test(url.protocol) || url.hostname === '' || url.pathname.length < 2) {
    throw new DomainError('invalid_request', `The secret ${name} is not the address of a database.`, {
      hint: 'Store postgres://user:password@host:5432/database, with ?sslmode=disable for a server without TLS.',
    })
  }
  const mode = url.searchParams.get('sslmode') ?? 'verify-full'
  return {
    host: url.hostname.replace(/^\[|\]$/g, ''),
    port: Number(url.port || 5432),
    user: decodeURIComponent(url.username),
    password: decodeURIComponent(url.password),
    database: decodeURIComponent(url.pathname.slice(1)),
    tls: mode === 'disable' ? null : { rejectUnauthorized: !UNVERIFIED.has(mode) },
  }
}
