import type { PostgresAction } from '@/domain/playbook/playbook'

/** Says itself what to do with rows that are there. */
const KNOWS_ROWS = /\bon\s+conflict\b|^\s*merge\b/i

/** True for a sink that is known to store the same rows once more when it runs again. */
export const storesAgain = (action: PostgresAction): boolean =>
  action.kind === 'rows'
    ? action.mode === 'insert'
    : /\binsert\s+into\b/i.test(action.statement) && !KNOWS_ROWS.test(action.statement)

/** True for one that is not known to do no harm when it runs again over an element that it has stored. */
export const mayStoreAgain = (action: PostgresAction): boolean =>
  action.kind === 'rows' ? action.mode === 'insert' : !KNOWS_ROWS.test(action.statement)
