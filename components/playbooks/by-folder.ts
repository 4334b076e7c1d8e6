import type { PlaybookSummary } from '@/domain/api/playbooks'

export type Folder = { folder: string; playbooks: PlaybookSummary[] }

/** Playbooks under their folders, both in order of name; with `find`, those whose path, name or description has it. */
export function byFolder(playbooks: readonly PlaybookSummary[], find: string): Folder[] {
  const wanted = find.trim().toLocaleLowerCase()
  const folders = new Map<string, PlaybookSummary[]>()
  for (const playbook of playbooks.toSorted((one, other) => one.path.localeCompare(other.path))) {
    const text = `${playbook.path} ${playbook.name} ${playbook.description ?? ''}`.toLocaleLowerCase()
    if (!text.includes(wanted)) continue
    const folder = playbook.path.slice(0, Math.max(0, playbook.path.lastIndexOf('/')))
    folders.set(folder, [...(folders.get(folder) ?? []), playbook])
  }
  return [...folders].map(([folder, found]) => ({ folder, playbooks: found }))
}
