import type { Json, JsonObject } from '@/domain/json'
import { PlainError } from '../prepare/plain-error.mjs'

/** `--set key=value …` as workload overrides. A value that is JSON is taken as such, anything else is text; `a.b=1` sets b inside a. */
export function parseSettings(settings: readonly string[]): JsonObject {
  const workload: JsonObject = {}
  for (const setting of settings) {
    const equals = setting.indexOf('=')
    if (equals < 1) throw new PlainError(`--set ${setting} is not of the form key=value.`)
    assign(workload, setting.slice(0, equals).split('.'), parseValue(setting.slice(equals + 1)))
  }
  return workload
}

function assign(target: JsonObject, [key = '', ...rest]: readonly string[], value: Json): void {
  if (rest.length === 0) {
    target[key] = value
    return
  }
  const inner = target[key]
  const object = typeof inner === 'object' && inner !== null && !Array.isArray(inner) ? inner : {}
  target[key] = object
  assign(object, rest, value)
}

function parseValue(text: string): Json {
  try {
    return JSON.parse(text)
  } catch {
    return text
  }
}
