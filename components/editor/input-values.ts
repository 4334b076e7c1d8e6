import { readExactJson } from '@/domain/exact-json'
import type { Json } from '@/domain/json'
import { digitsAsText } from '@/domain/json-precise'
import type { WorkloadInput } from '@/domain/playbook/workload-inputs'

/** What somebody typed into the form, by key; only what differs from the playbook. */
export type EditedInputs = Readonly<Record<string, string>>

export type ReadInputs = { workload: Record<string, Json>; errors: Record<string, string> }

/** The text a field starts with. */
export const defaultText = (input: WorkloadInput): string => textOf(input, input.default)

/** A value as the field of an input shows it. */
export const textOf = ({ kind }: WorkloadInput, value: unknown): string =>
  typeof value === 'string' || typeof value === 'bigint'
    ? String(value)
    : JSON.stringify(value, digitsAsText, kind === 'json' ? 2 : 0)

/** What a run overrides, and what cannot be read; an untouched field overrides nothing. */
export function readInputs(inputs: readonly WorkloadInput[], edited: EditedInputs): ReadInputs {
  const workload: Record<string, Json> = {}
  const errors: Record<string, string> = {}
  for (const input of inputs) {
    const text = edited[input.key]
    if (text === undefined || text === defaultText(input)) continue
    const read = readInput(input, text)
    if ('error' in read) errors[input.key] = read.error
    else workload[input.key] = read.value
  }
  return { workload, errors }
}

function readInput({ kind }: WorkloadInput, text: string): { value: Json } | { error: string } {
  switch (kind) {
    case 'string':
    case 'template':
      return { value: text }
    case 'boolean':
      return { value: text === 'true' }
    case 'number':
      return readNumber(text.trim())
    case 'json':
      return readJson(text)
  }
}

/** A whole number beyond 2^53 is its digits, in text: a run keeps it so. */
function readNumber(text: string): { value: Json } | { error: string } {
  const value = Number(text)
  if (text === '' || !Number.isFinite(value)) return { error: 'This must be a number.' }
  return { value: /^-?\d+$/.test(text) && !Number.isSafeInteger(value) ? String(BigInt(text)) : value }
}

function readJson(text: string): { value: Json } | { error: string } {
  try {
    const { value, lost } = readExactJson(text)
    const [first] = lost
    return first === undefined ? { value } : { error: `${first.path}: ${first.message}.` }
  } catch (error) {
    return { error: `This is not JSON: ${error instanceof Error ? error.message : 'it cannot be read'}.` }
  }
}
