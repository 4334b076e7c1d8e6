import { isMap, isScalar, isSeq, parseDocument } from 'yaml'
import type { Json, JsonObject } from '../../json'
import { parsePlaybook } from '../parse-playbook'
import { addObject, applyEdit, editBetween, setScalar, type ScalarValue, type TextEdit } from './text-patch'

/** The keys of a step that say what is sent; how it pages is written behind them. */
const REQUEST_KEYS: readonly string[] = ['tool', 'method', 'url', 'params', 'headers', 'body', 'json', 'form', 'auth']

/**
 * The edit that writes a `paginate` block into a step, or completes the block of `type: auto` that is there: what the
 * author wrote in it wins, and nothing else of the text changes. Null where that can't be done, or isn't a playbook then.
 */
export function patchPaginate(text: string, step: string, block: JsonObject): TextEdit | null {
  const at = placeOfStep(text, step)
  if (at === null) return null
  const after = completed(text, [...at, 'paginate'], block) ?? added(text, at, block)
  if (after === null || parsePlaybook(after).playbook === null) return null
  return editBetween(text, after)
}

type Path = readonly (string | number)[]

function placeOfStep(text: string, name: string): Path | null {
  const document = parseDocument(text, { stringKeys: true, logLevel: 'silent' })
  const workflow: unknown = document.errors.length > 0 ? null : document.get('workflow', true)
  if (!isSeq(workflow)) return null
  const index = workflow.items.findIndex((item) => isMap(item) && item.get('step') === name)
  return index === -1 ? null : ['workflow', index]
}

function added(text: string, at: Path, block: JsonObject): string | null {
  const edit = addObject(text, at, { key: 'paginate', value: block, behind: REQUEST_KEYS })
  return edit === null ? null : applyEdit(text, edit)
}

/** The text with a block that is there made complete; null when there is none. */
function completed(text: string, path: Path, block: JsonObject): string | null {
  const { type, ...others } = block
  let changed: string | null =
    hasKey(text, [...path, 'type']) && isPlain(type) ? set(text, [...path, 'type'], type) : null
  for (const [key, value] of Object.entries(others)) {
    if (changed === null) return null
    changed = withKey(changed, path, { key, value })
  }
  return changed
}

function withKey(text: string, path: Path, { key, value }: { key: string; value: Json | undefined }): string | null {
  const place = [...path, key]
  if (value === undefined) return text
  if (typeof value !== 'object' || value === null) return hasKey(text, place) ? text : set(text, place, value)
  if (Array.isArray(value)) return hasKey(text, place) ? text : null
  if (!hasKey(text, place)) {
    const edit = addObject(text, path, { key, value, behind: [] })
    return edit === null ? null : applyEdit(text, edit)
  }
  return Object.entries(value).reduce<string | null>(
    (changed, [inner, member]) => (changed === null ? null : withKey(changed, place, { key: inner, value: member })),
    text,
  )
}

function set(text: string, path: Path, value: ScalarValue): string | null {
  const edit = setScalar(text, path, value)
  return edit === null ? null : applyEdit(text, edit)
}

function hasKey(text: string, path: Path): boolean {
  const node: unknown = parseDocument(text, { stringKeys: true, logLevel: 'silent' }).getIn(path, true)
  return node !== undefined && (isScalar(node) || isMap(node) || isSeq(node))
}

const isPlain = (value: Json | undefined): value is ScalarValue =>
  value !== undefined && (typeof value !== 'object' || value === null)
