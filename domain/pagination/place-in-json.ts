import { DomainError } from '../domain-error'
import { isSecretText } from '../playbook/template/secret-text'
import { type BodyPath, describeShape, indexIn, isObject, parseBodyPath, readBodyPath } from './item-path'

/** A key of an object, or an index of a list. */
type Step = string | number

/**
 * A JSON body with the value at a path replaced, all beside it kept. Objects that are missing on the way are made; an
 * element of a list must be there. Throws `invalid_playbook` where the path can't be followed.
 */
export function placeInJson(body: unknown, param: string, value: unknown): unknown {
  const path = parseBodyPath(param)
  const written = stepsOf(path)
  const reading = readBodyPath(body, path)
  // A key that holds dots itself is found as it is, as in an answer.
  const steps = reading.found && reading.path !== null ? reading.path : written
  return placed(body, steps, { param, value, at: '' })
}

/** The steps of a path that names one place. Throws `invalid_playbook` for one that names more or less than that. */
export function stepsOf({ text, segments }: BodyPath): Step[] {
  if (segments.length === 0 || /(?:\*|\[\s*\*\s*\])$/.test(text)) throw noOnePlace(text)
  return segments.map((segment) => {
    if (segment.kind === 'each' || segment.kind === 'where') throw noOnePlace(text)
    return segment.kind === 'key' ? segment.key : segment.index
  })
}

type Placing = { param: string; value: unknown; at: string }

function placed(holder: unknown, [step, ...rest]: readonly Step[], placing: Placing): unknown {
  if (step === undefined) return placing.value
  if (Array.isArray(holder)) {
    const index = typeof step === 'number' || /^\d+$/.test(step) ? indexIn(holder, Number(step)) : null
    if (index === null) throw unfollowed(holder, placing)
    const at = `${placing.at}[${index}]`
    return holder.map((member: unknown, each) => (each === index ? placed(member, rest, { ...placing, at }) : member))
  }
  if (typeof step === 'number' || !canHold(holder)) throw unfollowed(holder, placing)
  // Object.fromEntries keeps a key `__proto__` an ordinary one.
  const members = new Map(Object.entries(holder ?? {}))
  const at = placing.at === '' ? step : `${placing.at}.${step}`
  members.set(step, placed(members.get(step), rest, { ...placing, at }))
  return Object.fromEntries(members)
}

const canHold = (holder: unknown): holder is Record<string, unknown> | null | undefined =>
  holder === null || holder === undefined || (isObject(holder) && !isSecretText(holder))

const unfollowed = (holder: unknown, { param, at }: Placing): DomainError =>
  cantPlace(
    `\`${param}\` can't be followed in the request: ${at === '' ? 'its body' : `\`${at}\``} is ${holder === undefined || holder === null ? 'missing' : shapeOf(holder)}`,
  )

const shapeOf = (holder: unknown): string => {
  if (isSecretText(holder)) return 'a secret'
  return isObject(holder) ? `an object with ${describeShape(holder)}` : describeShape(holder)
}

const noOnePlace = (param: string): DomainError => cantPlace(`\`${param}\` names no one place in the body`)

const cantPlace = (message: string): DomainError =>
  new DomainError('invalid_playbook', message, {
    hint: 'name one place of the body, such as variables.cursor or requests[0].page; elements of a list must be in `json` already',
  })
