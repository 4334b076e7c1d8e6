import { diffLines } from 'diff'

/** A run of lines that both texts have, or only one of them. */
export type DiffPart = { kind: 'same' | 'added' | 'removed'; lines: string[] }

/** Lines around a change that say where it is. */
const AROUND = 2

/** What two texts have not in common, line by line; of what is the same only the lines next to a change, `null` where some are left out. Empty when nothing differs. */
export function lineDiff(before: string, after: string): (DiffPart | null)[] {
  const parts = diffLines(before, after, { stripTrailingCr: true }).map(({ value, added, removed }): DiffPart => {
    const lines = value.replace(/\n$/, '').split('\n')
    if (added) return { kind: 'added', lines }
    return { kind: removed ? 'removed' : 'same', lines }
  })
  if (parts.every(({ kind }) => kind === 'same')) return []
  return parts.flatMap((part, at) =>
    part.kind === 'same' ? shortened(part.lines, at === 0, at === parts.length - 1) : [part],
  )
}

function shortened(lines: string[], isFirst: boolean, isLast: boolean): (DiffPart | null)[] {
  const head = isFirst ? [] : lines.slice(0, AROUND)
  const tail = isLast ? [] : lines.slice(Math.max(head.length, lines.length - AROUND))
  const isCut = head.length + tail.length < lines.length
  const same = (some: string[]): DiffPart[] => (some.length === 0 ? [] : [{ kind: 'same', lines: some }])
  return isCut ? [...same(head), null, ...same(tail)] : same(lines)
}
