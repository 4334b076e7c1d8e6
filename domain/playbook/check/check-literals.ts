import type { Diagnostic } from '../diagnostic'
import { hasTemplate } from '../template/parse-template'
import { dataMember, isDataObject, ownKeys } from '../template/values'
import { pointerTo } from '../text/json-pointer'
import type { Reporter } from '../text/reporter'
import { JSONATA_HINT } from './check-jsonata'
import { templateSlots } from './template-slots'

/** Told, but no reason not to run: only people read them. */
const FOR_PEOPLE =
  /^\/metadata\/(?:name|description)$|^\/workflow\/\d+\/(?:desc|that\/\d+\/name)$|^\/expect\/\d+\/name$/
const JSONATA = /^\/workflow\/\d+\/expression$/
/** JSONata has braces of its own; what only templates know tells these apart. */
const TEMPLATE_IN_JSONATA = /\{\{\s*(?:workload|secret|env|execution_id|_loop)\b[^:{}]*\}\}/

type Walk = {
  slots: ReadonlySet<string>
  /** Where something else is wrong already, so that more would only bury it. */
  told: ReadonlySet<string>
  report: Reporter
}

/** Reports `{{ }}` in texts and keys in which nothing is evaluated; `diagnostics` are those of the schema. */
export function checkLiterals(playbook: unknown, diagnostics: readonly Diagnostic[], report: Reporter): void {
  const slots = new Set(templateSlots(playbook).map(({ pointer }) => pointer))
  const told = new Set(diagnostics.map(({ path, code }) => (code === 'missing' ? '' : path)))
  visit(playbook, { pointer: '', name: '' }, { slots, told, report })
}

function visit(value: unknown, at: { pointer: string; name: string }, walk: Walk): void {
  const { pointer, name } = at
  // The empty pointer stands for the whole, in which one fault hides no other.
  if (pointer !== '' && walk.told.has(pointer)) return
  if (typeof value === 'string') return checkText(value, at, walk)
  if (Array.isArray(value)) {
    value.forEach((item: unknown, index) =>
      visit(item, { pointer: pointerTo(pointer, index), name: `entry ${index + 1} of ${name}` }, walk),
    )
    return
  }
  // A step of an unknown tool has no known places.
  if (!isDataObject(value) || (dataMember(value, 'tool') !== undefined && walk.told.has(`${pointer}/tool`))) return
  for (const key of ownKeys(value)) {
    const inner = pointerTo(pointer, key)
    if (hasTemplate(key) && !walk.told.has(inner)) {
      const message = `the key \`${key.slice(0, 80)}\` is taken as it stands: no template is evaluated here`
      const hint = 'Only values are templates; write an object whose keys are made as one {{ expression }}.'
      walk.report.key({ code: 'not_a_template', message, hint }, inner)
    }
    visit(value[key], { pointer: inner, name: `\`${key.slice(0, 80)}\`` }, walk)
  }
}

function checkText(text: string, { pointer, name }: { pointer: string; name: string }, walk: Walk): void {
  if (walk.slots.has(pointer)) return
  const isJsonata = JSONATA.test(pointer)
  const offset = isJsonata ? text.search(TEMPLATE_IN_JSONATA) : text.search(/\{[{%]/)
  if (offset === -1) return
  const message = `${name} is taken as it stands: no template is evaluated here`
  const hint = isJsonata ? JSONATA_HINT : 'Write the value itself.'
  const severity = FOR_PEOPLE.test(pointer) ? 'warning' : 'error'
  walk.report.inside({ code: 'not_a_template', message, hint, severity }, pointer, offset)
}
