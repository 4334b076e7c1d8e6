import { blockBudget, readPause, reserveSlot } from './budgets'
import { claim, release, renew } from './claims'
import { commitRound } from './commits'
import { cancel, pause, resume, retry, sweep } from './control'
import { orchestrate } from './orchestrate'

/** What the SQL does, each act a transaction of its own: the contract test holds it against PostgreSQL. */
export const modelStore = {
  claim,
  renew,
  release,
  commitRound,
  orchestrate,
  sweep,
  cancel,
  pause,
  resume,
  retry,
  reserveSlot,
  blockBudget,
  readPause,
}

export type Store = typeof modelStore
