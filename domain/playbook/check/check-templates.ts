import { didYouMean } from '../nearest'
import { expressionShift, expressionTemplate, orderBy } from '../normalize/expression-template'
import { hasTemplate, parseTemplate } from '../template/parse-template'
import { TemplateError } from '../template/template-error'
import { templateReferences, type TemplateReference } from '../template/template-references'
import { dataMember, isDataObject, ownKeys, ownValue } from '../template/values'
import { hintForName } from '../text/noetl-words'
import type { Finding, Reporter } from '../text/reporter'
import { HOW_TO_STORE } from './check-credentials'
import { dashedUseAt, hintToRename, isDashed } from './dashed-step'
import { stepUses, type StepUse } from './step-use'
import { templateSlots, type Sight, type TemplateSlot } from './template-slots'
import { unbindableOutputs } from './unbindable-outputs'

/** security.md: a field; the template of a statement or a body may be longer. */
const MAX_FIELD_LENGTH = 4 * 1024

const ALWAYS: readonly string[] = ['secret', 'env', 'execution_id']
const BY_SIGHT: Readonly<Record<Exclude<Sight, 'steps' | 'element'>, readonly string[]>> = {
  workload: ['workload'],
  error: ['error'],
  response: ['response', 'http'],
  item: ['item'],
  try: ['status_code', 'success', 'data', 'attempt'],
  outcome: ['result', 'this'],
  body: ['response'],
  result: ['result', 'this'],
  iteration: ['iteration'],
  page: ['page'],
}
const PARTS: Readonly<Record<string, readonly string[]>> = {
  _loop: ['index', 'count', 'size'],
  error: ['kind', 'status', 'message', 'type', 'retryable', 'attempt'],
  http: ['status', 'headers', 'url'],
  iteration: ['index', 'pages', 'items', 'stop_reason'],
}
const ONCE_A_STEP = 'This sink runs once, when the loop has ended: write `per: iteration`, or read `result.results`.'
const ELSEWHERE: Readonly<Record<string, string>> = {
  iteration: 'It is known in a sink.',
  page: 'It is known in a sink with `per: page`.',
  response: 'It is known in retry, paginate, fail_when and sink.',
  http: 'It is known in retry, paginate, fail_when and sink.',
  error: 'It is known in conditions of retry.',
  status_code: 'It is known in retry_when and stop_when; in other conditions of retry it is error.status.',
  item: 'It is known in filter and item_when.',
  result: 'It is known in retry and sink.',
  this: 'It is known in retry and sink.',
  _loop: 'It is known in a step with a loop.',
}

const SETTINGS: Readonly<Record<string, string>> = {
  env: 'Name it in PAGETURNER_TEMPLATE_ENV, which says what templates may read.',
  secret: HOW_TO_STORE,
}

/** What there is outside of the playbook; null where that is not known. */
export type KnownOutside = { env: readonly string[] | null; secrets: readonly string[] | null }

type Names = {
  steps: readonly string[]
  outside: KnownOutside
  use: (use: StepUse) => Finding | null
  workload: readonly string[]
  secretWorkload: ReadonlySet<string>
}

/** Reports templates that can't be read, names that aren't there, and secrets where none may stand. */
export function checkTemplates(playbook: unknown, report: Reporter, outside: KnownOutside): void {
  const slots = templateSlots(playbook)
  const names = readNames(playbook, slots, outside)
  for (const slot of slots) {
    if (report.isFull()) return
    checkSlot(slot, names, report)
  }
}

function checkSlot(slot: TemplateSlot, names: Names, report: Reporter): void {
  const { template, shift } = asTemplate(slot)
  const place = (offset: number): number => Math.max(0, offset - shift)
  if (isTooLong(slot)) {
    const message = `a template in one field may have ${MAX_FIELD_LENGTH} characters, this one has ${slot.text.length}`
    const hint = 'Put parts of it into the workload, or into a step of its own.'
    return report.inside({ code: 'template', message, hint }, slot.pointer, MAX_FIELD_LENGTH)
  }
  try {
    const { lone, blocks } = parseTemplate(template)
    const isExpression = slot.kind === 'expression' || slot.kind === 'order'
    if (isExpression && lone === null) {
      const message = 'this must be one {{ expression }}; text around it would always count as true'
      const hint = 'Put all of it inside: "{{ workload.a == 1 }}".'
      report.inside({ code: 'not_an_expression', message, hint }, slot.pointer, 0)
    }
    if (slot.kind === 'statement' && blocks.some(({ kind }) => kind !== 'text' && kind !== 'output')) {
      const message = 'a statement may hold {{ }} only, because each becomes a bind parameter'
      const hint = 'Choose in SQL, by CASE or coalesce, or between two steps by `when`.'
      report.inside({ code: 'template_statement', message, hint }, slot.pointer, 0)
    }
    if (slot.kind === 'statement') {
      for (const { at } of unbindableOutputs(blocks)) {
        const message = 'between quotes, or in a comment, no value can be bound'
        const hint = 'Leave the quotes out: each {{ }} is a value of its own, whatever is in it.'
        report.inside(
          { code: 'template_statement', message, hint },
          slot.pointer,
          template.lastIndexOf('{{', at.offset),
        )
      }
    }
    let dashedEnd = 0
    const references = templateReferences(template)
    const asked = references.some(({ path: [root = ''], optional }) => optional && names.steps.includes(root))
    for (const reference of references) {
      if (report.isFull()) return
      if (reference.at.offset < dashedEnd) continue
      const isKnown = namesFor(slot, names).includes(reference.path[0] ?? '')
      const dashed = isKnown ? null : dashedUseAt(template, reference.at.offset, dashedSteps(slot, names))
      if (dashed !== null) {
        dashedEnd = dashed.to
        report.inside(dashed.finding, slot.pointer, place(dashed.from))
        continue
      }
      checkReference(reference, {
        slot,
        names,
        asked,
        report: (finding) => report.inside(finding, slot.pointer, place(reference.at.offset)),
      })
    }
  } catch (error) {
    if (!(error instanceof TemplateError)) throw error
    const dashed = dashedUseAt(template, error.offset, dashedSteps(slot, names))
    if (dashed !== null) return report.inside(dashed.finding, slot.pointer, place(dashed.from))
    const hint = error.hint ?? undefined
    const finding = { code: 'template', message: error.message, ...(hint === undefined ? {} : { hint }) }
    report.inside(finding, slot.pointer, place(error.offset))
  }
}

/** A statement and a raw body are texts of their own, with the limit of any template. */
const isTooLong = ({ kind, pointer, text }: TemplateSlot): boolean =>
  text.length > MAX_FIELD_LENGTH &&
  kind !== 'statement' &&
  !pointer.endsWith('/body') &&
  (kind !== 'text' || hasTemplate(text))

/** Steps that would be known here, if templates could read their names. */
const dashedSteps = ({ sees }: TemplateSlot, { steps }: Names): string[] =>
  sees.includes('steps') ? steps.filter((step) => isDashed(step)) : []

type Checking = {
  slot: TemplateSlot
  names: Names
  /** Whether the template asks somewhere if a step is there. */
  asked: boolean
  report: (finding: Finding) => void
}

function checkReference(reference: TemplateReference, { slot, names, asked, report }: Checking): void {
  const [root = '', part] = reference.path
  const usesSecret = root === 'secret' || (root === 'workload' && holdsSecret(part, names))
  if (root === 'secret' && slot.secrets && (part === undefined || reference.read)) {
    const message =
      part === undefined ? 'a secret is named: secret.NAME' : `\`${reference.path.join('.')}\` can't be looked at here`
    const hint = 'A secret can only be passed on whole, or joined to text: "Bearer {{ secret.NAME }}".'
    return report({ code: 'secret_not_allowed', message, hint })
  }
  if (usesSecret && !slot.secrets) {
    const message = `the secret in \`${reference.path.join('.')}\` may not be used here`
    const hint = 'Secrets go into url, params, headers, body, json, form and auth.'
    return report({ code: 'secret_not_allowed', message, hint })
  }
  const known = namesFor(slot, names)
  if (!known.includes(root)) {
    if (reference.optional) return
    const hint =
      hintForWholeLoop(root, slot) ??
      hintForInput(root, known, names) ??
      hintForName(root) ??
      hintToRename(root, dashedSteps(slot, names), known) ??
      didYouMean(root, known) ??
      (Object.hasOwn(ELSEWHERE, root) ? ELSEWHERE[root] : undefined)
    const more = hint ?? `Known here: ${known.join(', ')}.`
    return report({ code: 'unknown_name', message: `\`${root}\` is not known here`, hint: more })
  }
  const { optional } = reference
  const told =
    root === slot.element ? null : names.use({ path: reference.path, pointer: slot.pointer, optional, asked })
  if (told !== null) return report(told)
  if (optional) return
  const members = membersOf(reference.path, slot, names)
  if (members === null || members.known.includes(members.name)) return
  const near = didYouMean(members.name, members.known)
  const message = `\`${members.owner}\` has no \`${members.name}\``
  const setting = SETTINGS[root]
  if (setting === undefined) {
    const hint = near ?? `It has: ${members.known.join(', ') || 'nothing'}.`
    return report({ code: 'unknown_name', message, hint })
  }
  const hint = near === null ? setting : `${near} ${setting}`
  report({ code: 'unknown_name', severity: 'warning', message, hint })
}

/** What only the sink of an element knows. */
const hintForWholeLoop = (root: string, { sees, element }: TemplateSlot): string | null => {
  if (!sees.includes('result') || sees.includes('element')) return null
  return [element, '_loop', 'iteration', 'page', 'response', 'http'].includes(root) ? ONCE_A_STEP : null
}

/** A bare name that is one of the inputs. */
const hintForInput = (root: string, known: readonly string[], { workload }: Names): string | null =>
  known.includes('workload') && workload.includes(root) ? `An input is read as workload.${root}.` : null

/** A member that is read of something whose members are known; null where they are not. */
function membersOf(
  [root = '', part]: readonly string[],
  slot: TemplateSlot,
  names: Names,
): { owner: string; name: string; known: readonly string[] } | null {
  if (part === undefined) return null
  if (root === slot.element) return null
  if (root === 'workload') return { owner: root, name: part, known: names.workload }
  if (root === 'env' || root === 'secret') {
    const known = root === 'env' ? names.outside.env : names.outside.secrets
    return known === null ? null : { owner: root, name: part, known }
  }
  // The page is stored without the query of its URL.
  if (root === 'http' && slot.sees.includes('result')) return { owner: root, name: part, known: ['status', 'headers'] }
  if (Object.hasOwn(PARTS, root)) return { owner: root, name: part, known: PARTS[root] ?? [] }
  return null
}

const holdsSecret = (part: string | undefined, names: Names): boolean =>
  part === undefined ? names.secretWorkload.size > 0 : names.secretWorkload.has(part)

function namesFor(slot: TemplateSlot, names: Names): string[] {
  return slot.sees
    .flatMap((sight): readonly string[] => {
      if (sight === 'steps') return names.steps.filter((step) => step !== '' && !isDashed(step))
      if (sight === 'element') return slot.element === null ? [] : [slot.element, '_loop']
      if (sight === 'result') return [...BY_SIGHT.result, ...collectedNames(slot)]
      return BY_SIGHT[sight]
    })
    .concat(ALWAYS)
}

/** A sink of a whole loop has the results of many iterations, which is not what `into` names. */
const collectedNames = ({ collected, sees }: TemplateSlot): string[] =>
  collected !== null && sees.includes('element') ? [collected] : []

function asTemplate(slot: TemplateSlot): { template: string; shift: number } {
  if (slot.kind === 'order') {
    const { expression, shift } = orderBy(slot.text)
    return { template: expression, shift }
  }
  if (slot.kind === 'expression') return { template: expressionTemplate(slot.text), shift: expressionShift(slot.text) }
  return { template: slot.text, shift: 0 }
}

function readNames(playbook: unknown, slots: readonly TemplateSlot[], outside: KnownOutside): Names {
  const root = isDataObject(playbook) ? playbook : {}
  const workflow = ownValue(root, 'workflow')?.value
  const workload = ownValue(root, 'workload')?.value
  const steps: unknown[] = Array.isArray(workflow) ? workflow : []
  return {
    steps: steps.flatMap((step) => {
      const name = dataMember(step, 'step')
      return typeof name === 'string' ? [name] : ['']
    }),
    outside,
    use: stepUses(steps),
    workload: isDataObject(workload) ? ownKeys(workload) : [],
    secretWorkload: secretWorkload(slots),
  }
}

/** Keys of the workload whose value holds a secret, in it or through an entry before it. */
function secretWorkload(slots: readonly TemplateSlot[]): Set<string> {
  const secret = new Set<string>()
  for (const { pointer, text } of slots) {
    const [, area, key = ''] = pointer.split('/')
    if (area !== 'workload') continue
    const name = key.replaceAll('~1', '/').replaceAll('~0', '~')
    for (const [root, part = ''] of readPaths(text)) {
      if (root === 'secret' || (root === 'workload' && secret.has(part))) secret.add(name)
    }
  }
  return secret
}

function readPaths(text: string): string[][] {
  try {
    return templateReferences(text).map(({ path }) => path)
  } catch {
    // What can't be read is reported where the template itself is checked.
    return []
  }
}
