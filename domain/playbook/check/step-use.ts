import { didYouMean } from '../nearest'
import { dataMember } from '../template/values'
import type { Finding } from '../text/reporter'
import { certainSteps } from './certain-steps'
import { laterSteps } from './later-steps'

/** How a template names a step: the path it reads, the place it stands at, and whether it may be missing there. */
export type StepUse = {
  path: readonly string[]
  /** JSON pointer of the template. */
  pointer: string
  /** True under `is defined` and `default`. */
  optional: boolean
  /** True where the template asks somewhere whether a step is there: of two branches one is. */
  asked: boolean
}

const RESULT_OF_LOOP: readonly string[] = ['status', 'stats', 'results']
const STATS: readonly string[] = ['total', 'success', 'failed', 'skipped', 'pages', 'items']
const RESULT_OF: Readonly<Record<string, readonly string[]>> = {
  postgres: ['rows', 'row_count'],
  playbook: ['execution_id', 'status', 'stats', 'steps'],
  assert: ['checks'],
}
const INSTEAD: Readonly<Record<string, string>> = {
  postgres: 'The rows are `NAME.rows`, their number `NAME.row_count`.',
  playbook: 'What the child fetched is in `NAME.result.stats`, its steps in `NAME.result.steps`.',
  assert: 'The conditions are in `NAME.checks`.',
}
const OF_CHILDREN = 'Those of the children are in `NAME.results`: {{ NAME.results | sum(attribute="stats.items") }}.'

/** Tells what is wrong, or doubtful, where a template reads a step of this workflow; null where nothing is. */
export function stepUses(workflow: readonly unknown[]): (use: StepUse) => Finding | null {
  const later = laterSteps(workflow)
  const certainty = certainSteps(workflow)
  const indexes = new Map(workflow.map((step, index) => [dataMember(step, 'step'), index]))
  return (use) => {
    const [root = ''] = use.path
    const index = indexes.get(root)
    if (index === undefined) return null
    const place = placeOf(use.pointer)
    if (place === null) return null
    const isOwnNext = place.key === 'next' && place.step === index
    const isLate = place.step !== null && !isOwnNext && later(place.step).has(root)
    if (isLate) return use.optional ? null : lateStep(root, place.step === index)
    if (certainty !== null && !isOwnNext && (place.step === null || certainty.isReached(place.step))) {
      const leads = certainty.leadsTo(index, place.step)
      if (!leads && certainty.isReached(index)) return strayStep(root)
      if (leads && !use.asked && !use.optional && !certainty.hasRun(index, place.step)) return doubtfulStep(root)
    }
    return use.optional ? null : wrongMember(workflow[index], use.path)
  }
}

/** The step that a template belongs to; null for one of the whole workflow, and for what belongs to neither. */
function placeOf(pointer: string): { step: number | null; key: string } | null {
  const [, index, key = ''] = /^\/workflow\/(\d+)\/(\w+)/.exec(pointer) ?? []
  if (index !== undefined) return { step: Number(index), key }
  return pointer.startsWith('/expect/') ? { step: null, key: '' } : null
}

function lateStep(name: string, isOwn: boolean): Finding {
  const hint = isOwn
    ? 'A step is known by its name in its `next` and in the steps after it.'
    : 'It runs after this step.'
  return { code: 'unknown_name', message: `the step \`${name}\` has not finished here`, hint }
}

/** Whether it is there would be a matter of luck. */
const strayStep = (name: string): Finding => ({
  code: 'uncertain_step',
  severity: 'warning',
  message: `the step \`${name}\` does not lead here, so nothing waits for it`,
  hint: 'Lead it here by its `next`: a step waits for all that still lead to it.',
})

const doubtfulStep = (name: string): Finding => ({
  code: 'uncertain_step',
  severity: 'warning',
  message: `the step \`${name}\` may have been skipped before this, which fails then`,
  hint: `Write what holds without it: \`${name}.… | default(…)\`, or ask \`${name} is defined\`.`,
})

/** A member that what the step gives doesn't have, or that never says anything. */
function wrongMember(step: unknown, [root = '', part, inner]: readonly string[]): Finding | null {
  if (part === undefined) return null
  const tool = dataMember(step, 'tool')
  const loops = dataMember(step, 'loop') !== undefined
  if (loops && !RESULT_OF_LOOP.includes(part)) return noMember(root, part, RESULT_OF_LOOP)
  if (typeof tool !== 'string') return null
  if (part === 'stats' && inner !== undefined) {
    if (!STATS.includes(inner)) return noMember(`${root}.stats`, inner, STATS)
    return tool !== 'http' && (inner === 'items' || inner === 'pages') ? noPages(root, inner, { tool, loops }) : null
  }
  const known = Object.hasOwn(RESULT_OF, tool) && !loops ? RESULT_OF[tool] : undefined
  if (known === undefined) return null
  if (part === 'results') return { code: 'unknown_name', severity: 'warning', ...listOfOne(root, tool) }
  if (part === 'result')
    return inner === undefined || known.includes(inner) ? null : noMember(`${root}.result`, inner, known)
  const all = [...new Set([...known, 'status', 'stats', 'result'])]
  return all.includes(part) ? null : noMember(root, part, all)
}

const noMember = (owner: string, name: string, known: readonly string[]): Finding => ({
  code: 'unknown_name',
  message: `\`${owner}\` has no \`${name}\``,
  hint: didYouMean(name, known) ?? `It has: ${known.join(', ')}.`,
})

const listOfOne = (name: string, tool: string) => ({
  message: `\`${name}.results\` is a list of one: the result of the step`,
  hint: (INSTEAD[tool] ?? '').replaceAll('NAME', name),
})

function noPages(name: string, part: string, { tool, loops }: { tool: string; loops: boolean }): Finding {
  const hint = tool === 'playbook' && loops ? OF_CHILDREN : INSTEAD[tool]
  return {
    code: 'unknown_name',
    severity: 'warning',
    message: `\`${name}.stats.${part}\` is always 0: only an http step fetches ${part}`,
    ...(hint === undefined ? {} : { hint: hint.replaceAll('NAME', name) }),
  }
}
