import { TOOL_NAMES } from '../schema/step-schema'
import { dataMember, isDataObject, ownKeys, type DataObject } from '../template/values'
import { pointerTo } from '../text/json-pointer'
import { hintForForeignTool, hintForKey, hintForValue } from '../text/noetl-words'
import { shown } from '../text/tell-issues'
import { meantNext } from './meant-next'
import { move, renameKey, type Rewrite } from './rewrite'

/** Keys with another name and the same value, by the words for the object that has them. */
const RENAMED: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  'an http step': { endpoint: 'url' },
  'a postgres step': { query: 'statement', sql: 'statement', command: 'statement', commands: 'statement' },
  'a playbook step': { args: 'workload', with: 'workload', input: 'workload', payload: 'workload' },
  'a loop': { in: 'collection', items: 'collection', over: 'collection', iterator: 'element', as: 'element' },
}

/** A step in the language's own spelling, as far as it can be told what is meant. */
export function meantStep(written: DataObject, pointer: string, rewrite: Rewrite): DataObject {
  const step = withTool(written, pointer, rewrite)
  const own = renamed(step, { words: wordsOf(step['tool']), pointer }, rewrite)
  return withNext(withLoop(own, pointer, rewrite), pointer, rewrite)
}

/** A step as the schema calls it. */
function wordsOf(tool: unknown): string {
  if (tool === 'http' || tool === 'assert') return `an ${tool} step`
  return typeof tool === 'string' ? `a ${tool} step` : ''
}

const isTool = (word: string): boolean => TOOL_NAMES.some((name) => name === word)

/** The tool of a step where it is an object with its `kind`, or the `type` of the step. */
function withTool(step: DataObject, pointer: string, rewrite: Rewrite): DataObject {
  const { tool, type } = step
  if (tool === undefined) return typeof type === 'string' ? withType(step, type, { pointer, rewrite }) : step
  const kind = kindOfTool(tool)
  if (kind === null) return step
  const at = pointerTo(pointer, 'tool')
  const hint = hintForValue(['tool'], tool)
  const message = `\`tool\` must be one of ${TOOL_NAMES.join(', ')}, not ${shown(tool)}`
  rewrite.report.value({ code: 'wrong_type', message, ...(hint === null ? {} : { hint }) }, at)
  if (!isTool(kind) || !isDataObject(tool)) return onlyRoute(step)
  const inner = ownKeys(tool).filter((key) => key !== 'kind' && key !== 'name' && step[key] === undefined)
  for (const key of inner) move(rewrite, pointerTo(pointer, key), pointerTo(at, key))
  move(rewrite, at, pointerTo(at, 'kind'))
  return { ...step, ...Object.fromEntries(inner.map((key) => [key, tool[key]])), tool: kind }
}

/** What is meant by a tool in another spelling, or of another dialect; null for one of these, and for a word of neither. */
function kindOfTool(tool: unknown): string | null {
  if (Array.isArray(tool)) return 'pipeline'
  if (typeof tool === 'string') return hintForForeignTool(tool) === null ? null : tool
  const kind = dataMember(tool, 'kind')
  return typeof kind === 'string' ? kind : null
}

type Where = { pointer: string; rewrite: Rewrite }

function withType(step: DataObject, type: string, { pointer, rewrite }: Where): DataObject {
  const words = 'a step without a tool'
  const hint = isTool(type) ? `Write \`tool: ${type}\`.` : (hintForForeignTool(type) ?? hintForKey(words, 'type'))
  const finding = { code: 'unknown_key', message: `\`type\` is not a key of ${words}` }
  rewrite.report.key(hint === null ? finding : { ...finding, hint }, pointerTo(pointer, 'type'))
  if (!isTool(type)) return onlyRoute(step)
  move(rewrite, pointerTo(pointer, 'tool'), pointerTo(pointer, 'type'))
  return Object.fromEntries(Object.entries(step).map(([key, value]) => [key === 'type' ? 'tool' : key, value]))
}

/** Of a tool that isn't here, the rest of the step says nothing. */
const onlyRoute = (step: DataObject): DataObject =>
  Object.fromEntries(['step', 'desc', 'next'].flatMap((key) => (step[key] === undefined ? [] : [[key, step[key]]])))

/** A loop is known by its own words; one that only pages has nothing to go over. */
function withLoop(step: DataObject, pointer: string, rewrite: Rewrite): DataObject {
  const { loop } = step
  if (!isDataObject(loop)) return step
  const at = pointerTo(pointer, 'loop')
  const own = renamed(loop, { words: 'a loop', pointer: at }, rewrite)
  if (own['pagination'] === undefined || own['collection'] !== undefined)
    return own === loop ? step : { ...step, loop: own }
  const hint = hintForKey('a loop', 'pagination')
  const finding = { code: 'unknown_key', message: '`pagination` is not a key of a loop' }
  rewrite.report.key(hint === null ? finding : { ...finding, hint }, pointerTo(at, 'pagination'))
  return Object.fromEntries(Object.entries(step).filter(([key]) => key !== 'loop'))
}

function renamed(
  object: DataObject,
  { words, pointer }: { words: string; pointer: string },
  rewrite: Rewrite,
): DataObject {
  let result = object
  for (const [from, to] of Object.entries(RENAMED[words] ?? {})) {
    if (result[from] === undefined || result[to] !== undefined) continue
    const hint = hintForKey(words, from)
    const finding = { code: 'unknown_key', message: `\`${from}\` is not a key of ${words}` }
    rewrite.report.key(hint === null ? finding : { ...finding, hint }, pointerTo(pointer, from))
    result = renameKey({ object: result, from, to }, pointer, rewrite)
  }
  return result
}

function withNext(step: DataObject, pointer: string, rewrite: Rewrite): DataObject {
  const { next } = step
  const meant = next === undefined ? next : meantNext(next, pointerTo(pointer, 'next'), rewrite)
  return meant === next ? step : { ...step, next: meant }
}
