import { isSettled, type ExecutionView } from '@/domain/execution/view'
import { totalsLine } from './run-lines'

/** True only when the execution ended COMPLETED and every expectation held: exit code 0. */
export const hasSucceeded = ({ status, expectations }: ExecutionView): boolean =>
  status === 'COMPLETED' && expectations.every((expectation) => expectation.passed)

/** What is said at the end of a run: status, totals, the checklist, and why it failed. */
export function summaryLines(view: ExecutionView): string[] {
  const seconds = view.startedAt === null || view.endedAt === null ? null : (view.endedAt - view.startedAt) / 1000
  return [
    `${isSettled(view.status) ? view.status : `not over yet: ${view.status}`}${seconds === null ? '' : ` in ${seconds.toFixed(1)} s`}  ${totalsLine(view)}`,
    ...view.expectations.map(({ name, passed, actual, message }) =>
      passed ? `  ✓ ${name}` : `  ✗ ${name}: ${message ?? `it was ${JSON.stringify(actual)}`}`,
    ),
    ...(view.error === null ? [] : [`  ✗ ${view.error.message}${view.error.hint ? `\n    ${view.error.hint}` : ''}`]),
  ]
}
