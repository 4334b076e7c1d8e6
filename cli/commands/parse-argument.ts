import { idSchema, playbookPathSchema } from '@/domain/api/fields'
import { PlainError } from '../prepare/plain-error.mjs'

/** An id, which becomes a part of an address. Throws a PlainError for anything else. */
export function parseId(text: string): string {
  if (idSchema.safeParse(text).success) return text
  throw new PlainError(`"${text}" is no id: that is a number, such as the one in the address of its page.`)
}

/** The path of a playbook, which becomes a part of an address. Throws a PlainError for anything else. */
export function parsePath(text: string): string {
  if (playbookPathSchema.safeParse(text).success) return text
  throw new PlainError(
    `"${text}" is no path of a playbook: those are segments of letters, digits, ".", "_" and "-" joined by "/".`,
    'The registered ones: npx pageturner list',
  )
}

/** `what` it is, for the PlainError that is thrown for anything but digits. */
export function parseWhole(text: string, what: string): number {
  if (/^\d{1,9}$/.test(text)) return Number(text)
  throw new PlainError(`"${text}" is not ${what}.`)
}

export const parseVersion = (text: string): number => parseWhole(text, 'the number of a version')
