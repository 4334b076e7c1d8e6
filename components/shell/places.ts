import { House, ListTree, NotebookText, Server, type LucideIcon } from 'lucide-react'

export type Place = { href: string; label: string; icon: LucideIcon; key: string }

/** Where one can go, in the order of the rail; `key` follows "g". */
export const PLACES: readonly Place[] = [
  { href: '/', label: 'Home', icon: House, key: 'h' },
  { href: '/playbooks', label: 'Playbooks', icon: NotebookText, key: 'p' },
  { href: '/runs', label: 'Runs', icon: ListTree, key: 'r' },
  { href: '/system', label: 'System', icon: Server, key: 's' },
]

export const isCurrent = (place: Place, pathname: string): boolean =>
  place.href === '/' ? pathname === '/' : pathname === place.href || pathname.startsWith(`${place.href}/`)
