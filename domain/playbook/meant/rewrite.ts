import type { DataObject } from '../template/values'
import { parentPointer, pointerTo } from '../text/json-pointer'
import type { Reporter } from '../text/reporter'

/** A playbook being brought to the language's own spelling: what was said of it, and where its parts really stand. */
export type Rewrite = {
  /** Takes pointers into what is meant, and tells them as they are written. */
  report: Reporter
  /** From pointers into what is meant to those into what is written. */
  moves: Map<string, string>
}

/** A rewrite of which nothing is known yet. */
export function beginRewrite(written: Reporter): Rewrite {
  const moves = new Map<string, string>()
  const report: Reporter = {
    ...written,
    value: (finding, pointer) => written.value(finding, moved(moves, pointer)),
    key: (finding, pointer) => written.key(finding, moved(moves, pointer)),
    inside: (finding, pointer, offset) => written.inside(finding, moved(moves, pointer), offset),
  }
  return { report, moves }
}

/** Says that what is meant to stand at `to` is written at `from`, which may itself have been moved. */
export const move = ({ moves }: Rewrite, to: string, from: string): unknown => moves.set(to, moved(moves, from))

/** A pointer behind its nearest parent that was moved; itself where there is none. */
export function moved(moves: ReadonlyMap<string, string>, pointer: string): string {
  for (let current: string | null = pointer; current !== null; current = parentPointer(current)) {
    const target = moves.get(current)
    if (target !== undefined) return target + pointer.slice(current.length)
  }
  return pointer
}

/** The object with one key called otherwise, in its place. */
export function renameKey(
  { object, from, to }: { object: DataObject; from: string; to: string },
  pointer: string,
  rewrite: Rewrite,
): Record<string, unknown> {
  move(rewrite, pointerTo(pointer, to), pointerTo(pointer, from))
  return Object.fromEntries(Object.entries(object).map(([key, value]) => [key === from ? to : key, value]))
}
