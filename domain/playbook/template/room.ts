import { lengthOfText, isSecretText } from './secret-text'
import type { Place } from './syntax'
import { TemplateError } from './template-error'

/** As much as templates may hold of the result of a step. */
const MAX_CHARACTERS = 64 * 1024 * 1024
/** What a number, a bracket or a key takes beside its text, roughly. */
const CHARACTERS_PER_VALUE = 8

/**
 * How many characters the values of several templates may still have together. A template that is one path gives what
 * is in the scope already, at no cost; hundreds of them in one body are hundreds of times that once it is written out.
 */
export type Room = { left: number }

/** For the templates of one value. */
export const fullRoom = (): Room => ({ left: MAX_CHARACTERS })

/** Takes a value's size off the room. Throws TemplateError when there is no room for it. */
export function takeRoom(room: Room, value: unknown, at: Place): void {
  // A list of its own instead of recursion: data may be nested deeper than a stack.
  const open: object[] = []
  if (isSecretText(value)) room.left -= lengthOfText(value)
  else take(room, value, open)
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    if (Array.isArray(next)) for (const item of next) take(room, item, open)
    else {
      for (const key of Object.keys(next)) {
        room.left -= key.length
        take(room, Reflect.get(next, key), open)
      }
    }
    if (room.left < 0) break
  }
  if (room.left >= 0) return
  const message = `the templates here would give more than ${MAX_CHARACTERS / 1024 / 1024} MiB together`
  throw new TemplateError(message, at, { hint: 'Pass each large value on once.' })
}

function take(room: Room, value: unknown, open: object[]): void {
  room.left -= CHARACTERS_PER_VALUE
  if (typeof value === 'string') room.left -= value.length
  else if (typeof value === 'object' && value !== null) open.push(value)
}
