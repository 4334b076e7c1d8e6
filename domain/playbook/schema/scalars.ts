import { z } from 'zod'
import { HTTP_METHODS } from '../../http-message'
import type { Json, JsonObject } from '../../json'

/*
 * The message of every schema here is a noun phrase that follows "must be"; a message that starts with a capital
 * letter is a sentence of its own.
 */

const MAX_SECONDS = 31 * 24 * 3600

export const text = z.string({ error: 'a text' }).min(1, { error: 'a text that is not empty' })

/** Text in which `{{ }}` is evaluated. */
export const template = text.meta({ format: 'template' })

/** A condition or another expression; `{{ }}` around it may be left out. */
export const expression = text.meta({ format: 'template' })

export const flag = z.boolean({ error: 'true or false' })

export const seconds = z
  .number({ error: 'a number of seconds' })
  .min(0, { error: 'a number of seconds, 0 or more' })
  .max(MAX_SECONDS, { error: `at most ${MAX_SECONDS} seconds` })

export const count = z.int({ error: 'a whole number' }).min(1, { error: 'a whole number of at least 1' })

/** A whole number of at least `minimum`, or a template that gives one. */
export function countSetting(minimum: number) {
  const error = `a whole number of at least ${minimum}, or a template`
  return z.union([z.int({ error }).min(minimum, { error }), z.string({ error }).regex(/\{\{/, { error })], { error })
}

/** Any JSON; strings in it may be templates. */
export const anyJson = z.custom<Json>((value) => value !== undefined, { error: 'a value' })

export const jsonObject = z
  .custom<JsonObject>((value) => typeof value === 'object' && value !== null && !Array.isArray(value), {
    error: 'an object (key: value)',
  })
  .meta({ type: 'object' })

export const list = <Item extends z.ZodType>(item: Item) => z.array(item, { error: 'a list' })

/** One of a few words. */
export const oneOf = <const Words extends readonly string[]>(words: Words) =>
  z.enum(words, { error: `one of ${words.join(', ')}` })

/** A method of a request, in either case. */
export const method = z
  .string({ error: 'a method such as POST' })
  .check(({ value, issues }) => {
    if (HTTP_METHODS.some((each) => each === value.toUpperCase())) return
    issues.push({ code: 'invalid_value', values: [...HTTP_METHODS], input: value, message: 'a method such as POST' })
  })
  .meta({ enum: [...HTTP_METHODS] })

/** Dotted (`a.b`, `['odd.key']`, `[*]`, `[0]`, `[?(@.rel=='next')]`) or JSONPath (`$.a.b`). */
export const path = z.string({ error: 'a path such as data.items' }).meta({ format: 'path' })
