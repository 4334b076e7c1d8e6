import { DomainError } from '../../domain-error'
import { isObject, parseBodyPath } from '../../pagination/item-path'
import { placeInJson, stepsOf } from '../../pagination/place-in-json'
import type { HttpStepSource } from '../schema/step-schema'
import { hasTemplate } from '../template/parse-template'
import type { Reporter } from '../text/reporter'

/** Reports a place for the token that the step's request doesn't have: another kind of body, or a path that leads nowhere in it. */
export function checkTokenPlace(step: HttpStepSource, pointer: string, report: Reporter): void {
  const { paginate } = step
  if (paginate === undefined || !('param' in paginate)) return
  const place = paginate.in ?? (paginate.type === 'graphql' ? 'json' : 'query')
  if (place !== 'json' && place !== 'form') return
  const other = otherBody(step, place)
  if (other !== null) {
    const message = `the token goes into \`${place}\`, but the request has \`${other}\`, which it would replace`
    const hint = `Write the body as \`${place}\`, or set \`in\` to where the API reads the token.`
    return report.value({ code: 'conflict', message, hint }, `${pointer}/${paginate.in === undefined ? 'type' : 'in'}`)
  }
  if (place === 'form') return
  checkParam(step, paginate.param, { pointer: `${pointer}/param`, report })
  if ('limit_param' in paginate && paginate.limit !== undefined)
    checkParam(step, paginate.limit_param, { pointer: `${pointer}/limit_param`, report })
}

/** The body that would be lost; null where it is of the right kind, or is known only when the step runs. */
function otherBody({ json, form, body }: HttpStepSource, place: 'json' | 'form'): 'json' | 'form' | 'body' | null {
  if (place === 'json' && form !== undefined) return 'form'
  if (place === 'form' && json !== undefined) return 'json'
  if (body === undefined) return null
  if (typeof body === 'string') return hasTemplate(body) && place === 'json' ? null : 'body'
  return place === 'form' ? 'body' : null
}

function checkParam(
  { json, body }: HttpStepSource,
  param: string | undefined,
  { pointer, report }: { pointer: string; report: Reporter },
): void {
  if (param === undefined) return
  try {
    const sent = json ?? body
    if (!passesTemplate(sent, stepsOf(parseBodyPath(param)))) placeInJson(sent, param, null)
  } catch (error) {
    if (!(error instanceof DomainError)) throw error
    const finding = { code: 'invalid_path', message: error.message }
    report.value(error.hint === null ? finding : { ...finding, hint: error.hint }, pointer)
  }
}

/** True when the way leads through a template, whose value only the run knows. */
function passesTemplate(sent: unknown, steps: readonly (string | number)[]): boolean {
  let holder = sent
  for (const step of steps) {
    if (typeof holder === 'string') return hasTemplate(holder)
    if (Array.isArray(holder)) holder = holder.at(Number(step))
    else holder = isObject(holder) && Object.hasOwn(holder, String(step)) ? holder[String(step)] : undefined
  }
  return false
}
