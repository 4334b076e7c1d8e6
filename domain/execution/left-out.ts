import type { ErrorFacts } from './events'

/**
 * Why a loop failed in which nothing failed any more: of what a failure had stopped, elements were tried again and the
 * others, as many as `count`, were not.
 */
export const leftOut = (count: number): ErrorFacts => ({
  kind: 'left_out',
  message: `${count.toLocaleString('en')} ${count === 1 ? 'element was' : 'elements were'} not begun, because another one had failed before.`,
  hint: 'Retry the run, not one element of it: they begin then.',
})
