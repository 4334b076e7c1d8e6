import type { DataObject } from '../template/values'
import { dataMember, isDataObject, ownKeys } from '../template/values'
import { pointerOf } from '../text/json-pointer'
import { hintForKey } from '../text/noetl-words'
import type { Reporter } from '../text/reporter'
import { meantStep } from './meant-step'
import { beginRewrite, move, moved, type Rewrite } from './rewrite'

export type Meant = {
  /** What is written itself, where nothing had to be read otherwise. */
  value: DataObject
  /** Takes pointers into `value`. */
  report: Reporter
  /** The pointer into `value` of what a diagnostic names as it is written. */
  pointerIn: (written: string) => string
}

/**
 * Reads spellings of NoETL's dialects that this language doesn't take as what they mean, and reports each of them once.
 * Only so is all the rest of such a playbook checked as well: its author hears of everything at once, and nothing twice.
 */
export function asMeant(playbook: DataObject, written: Reporter): Meant {
  const rewrite = beginRewrite(written)
  const value = withSteps(withMetadata(playbook, rewrite), rewrite)
  const back = new Map(Array.from(rewrite.moves, ([to, from]) => [from, to]))
  return { value, report: rewrite.report, pointerIn: (pointer) => moved(back, pointer) }
}

const OF_METADATA = ['name', 'path', 'description'] as const

/** NoETL's first playbooks say their name beside `apiVersion`. */
function withMetadata(playbook: DataObject, rewrite: Rewrite): DataObject {
  const keys = OF_METADATA.filter((key) => typeof playbook[key] === 'string')
  if (playbook['metadata'] !== undefined || keys.length === 0) return playbook
  for (const key of keys) {
    rewrite.report.key(unknownKey('a playbook', key), pointerOf([key]))
    move(rewrite, pointerOf(['metadata', key]), pointerOf([key]))
  }
  const rest = ownKeys(playbook).filter((key) => !keys.some((each) => each === key))
  return {
    ...Object.fromEntries(rest.map((key) => [key, playbook[key]])),
    metadata: { name: playbook['path'], ...Object.fromEntries(keys.map((key) => [key, playbook[key]])) },
  }
}

function withSteps(playbook: DataObject, rewrite: Rewrite): DataObject {
  const workflow = dataMember(playbook, 'workflow')
  if (!Array.isArray(workflow)) return playbook
  const steps = workflow.map((step: unknown, index) =>
    isDataObject(step) ? meantStep(step, pointerOf(['workflow', index]), rewrite) : step,
  )
  return steps.every((step, index) => step === workflow[index]) ? playbook : { ...playbook, workflow: steps }
}

/** The finding that `key` is none of the object that `words` name. */
function unknownKey(words: string, key: string) {
  const hint = hintForKey(words, key)
  return { code: 'unknown_key', message: `\`${key}\` is not a key of ${words}`, ...(hint === null ? {} : { hint }) }
}
