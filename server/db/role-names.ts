import { derivePassword } from '../secrets/secret-key'

/** The database's own roles: named after it, because roles belong to the whole server and two installations may share one. */
export const playbookRole = (database: string): string => `${database}_playbook`
export const readerRole = (database: string): string => `${database}_reader`

/** The database's URL with another of its roles logging in. */
export function urlAs(role: (database: string) => string, url: string): string {
  const changed = new URL(url)
  const name = role(decodeURIComponent(changed.pathname.slice(1)))
  changed.username = encodeURIComponent(name)
  changed.password = derivePassword(name)
  return changed.href
}
