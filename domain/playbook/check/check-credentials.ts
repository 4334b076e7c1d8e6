import { didYouMean } from '../nearest'
import { dataMember, isDataObject, ownKeys } from '../template/values'
import { pointerOf, pointerTo } from '../text/json-pointer'
import type { Reporter } from '../text/reporter'

/** Where a secret is made known; it may well be after the playbook was written. */
export const HOW_TO_STORE = 'Store it under Secrets, or set PAGETURNER_SECRET_ and its name for the workers.'

type Credential = { name: string; pointer: string }

/** Warns of each `credential` that names none of the `secrets`, the names of which are known here. */
export function checkCredentials(workflow: readonly unknown[], secrets: readonly string[], report: Reporter): void {
  for (const { name, pointer } of workflow.flatMap((step, index) =>
    credentialsOf(step, pointerOf(['workflow', index])),
  )) {
    if (secrets.includes(name)) continue
    const near = didYouMean(name, secrets)
    const hint = near === null ? HOW_TO_STORE : `${near} ${HOW_TO_STORE}`
    const message = `there is no secret \`${name.slice(0, 80)}\` for this \`credential\``
    report.value({ code: 'unknown_name', severity: 'warning', message, hint }, pointer)
  }
}

/** Those of a step, and of its sinks wherever these stand. */
const credentialsOf = (step: unknown, pointer: string): Credential[] => [
  ...credentialAt(step, pointer),
  ...credentialAt(dataMember(step, 'sink'), pointerTo(pointer, 'sink')),
  ...sinkCredentials(dataMember(step, 'retry'), pointerTo(pointer, 'retry')),
]

function sinkCredentials(value: unknown, pointer: string): Credential[] {
  if (Array.isArray(value)) {
    return value.flatMap((item: unknown, index) => sinkCredentials(item, pointerTo(pointer, index)))
  }
  if (!isDataObject(value)) return []
  return ownKeys(value)
    .filter((key) => key === 'sink' || key === 'on_success' || key === 'then')
    .flatMap((key) => {
      const inner = pointerTo(pointer, key)
      return key === 'sink' ? credentialAt(value[key], inner) : sinkCredentials(value[key], inner)
    })
}

function credentialAt(value: unknown, pointer: string): Credential[] {
  const name = dataMember(value, 'credential')
  return typeof name === 'string' ? [{ name, pointer: pointerTo(pointer, 'credential') }] : []
}
