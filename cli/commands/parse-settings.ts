import { readExactJson, type ExactJson } from '@/domain/exact-json'
import type { Json, JsonObject } from '@/domain/json'
import { PlainError } from '../prepare/plain-error.mjs'

/** `--set key=value …` as workload overrides. A value that is JSON is taken as such, anything else is text; `a.b=1` sets b inside a. Integers beyond 2^53 become their digits, in text. Throws PlainError. */
export function parseSettings(settings: readonly string[]): JsonObject {
  const workload: JsonObject = {}
  for (const setting of settings) {
    const equals = setting.indexOf('=')
    if (equals < 1) throw new PlainError(`--set ${setting} is not of the form key=value.`)
    const key = setting.slice(0, equals)
    assign(workload, key.split('.'), parseValue(key, setting.slice(equals + 1)))
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

function parseValue(key: string, text: string): Json {
  const read = readJson(text)
  if (read === null) return text
  const [lost] = read.lost
  if (lost === undefined) return read.value
  throw new PlainError(`--set ${key}: ${lost.path === '' ? '' : `${lost.path}: `}${lost.message}.`)
}

function readJson(text: string): ExactJson | null {
  try {
    return readExactJson(text)
  } catch {
    return null
  }
}
