import type { JsonObject } from '../json'
import type { ElementState } from './element-state'

/** What is stored after each page; its size doesn't grow with the pages. */
export function toCheckpoint(_state: ElementState): JsonObject {
  throw new Error('not written yet')
}

/** The state a checkpoint was made of; `fingerprints` are those of all saved pages. */
export function fromCheckpoint(_checkpoint: JsonObject, _fingerprints: readonly string[]): ElementState {
  throw new Error('not written yet')
}
