import { DomainError } from '@/domain/domain-error'

/** True when the exceptions let playbooks reach this host (as the URL names it) on this port. */
export type AllowList = (host: string, port: number) => boolean

const ENTRY = /^(?<host>\[[0-9a-f:.]+\]|[^\s:/[\]]+):(?<port>\d{1,5}|\*)$/

/** Reads `host:port` and `host:*` (IPv6 in brackets). Throws a DomainError that names the entry it can't read. */
export function parseAllowList(entries: readonly string[]): AllowList {
  const allowed = new Set(entries.map(readEntry))
  return (host, port) => allowed.has(allowEntry(host, port)) || allowed.has(allowEntry(host, '*'))
}

/** The entry that would let this host and port in, as it is to be written in PAGETURNER_ALLOW_HOSTS. */
export function allowEntry(host: string, port: number | '*'): string {
  const name = host.toLowerCase().replace(/\.$/, '')
  return name.includes(':') ? `[${name}]:${port}` : `${name}:${port}`
}

function readEntry(text: string): string {
  const groups = ENTRY.exec(text.trim().toLowerCase())?.groups
  const { host, port } = { host: groups?.['host'], port: groups?.['port'] }
  const name = host === undefined ? null : canonicalHost(host)
  if (port === undefined || name === null || (port !== '*' && (Number(port) < 1 || Number(port) > 65_535))) {
    throw new DomainError('invalid_request', `PAGETURNER_ALLOW_HOSTS: can't read "${text}"`, {
      hint: 'Write host:port or host:*, for example api.internal:8443, 10.0.0.5:*, [fd00::1]:8080.',
    })
  }
  return allowEntry(name, port === '*' ? '*' : Number(port))
}

/** The host as a URL would spell it, so that `127.1` in the setting and in a playbook mean the same. */
function canonicalHost(host: string): string | null {
  try {
    return new URL(`http://${host}/`).hostname.replace(/^\[|\]$/g, '')
  } catch {
    return null
  }
}
