import { isSettled, type ExecutionView } from '@/domain/execution/view'
import { Button } from '@/components/ui/button'
import { countOf, formatCount } from '@/components/ui/format'
import { StatusShape } from '@/components/ui/status-shape'
import { RetryButton } from '../retry/retry-button'
import { inspectPage } from '../run-pick'
import type { SetRunAddress } from '../run-address'
import { failureGroups } from './failure-groups'

type Props = { view: ExecutionView; setAddress: SetRunAddress; onRetried: () => void }

/** What failed and why, elements with the same reason as one; shown above everything else while there is any. */
export function FailurePanel({ view, setAddress, onRetried }: Props) {
  const groups = failureGroups(view)
  const own = view.error ?? view.steps.find((step) => step.error !== null)?.error ?? null
  return (
    <section
      aria-label="Failures"
      className="flex items-start gap-3 border-b border-failed/40 bg-failed/5 px-3 py-2.5 max-sm:flex-col sm:px-5"
    >
      <div className="min-w-0 flex-1 self-stretch">
        {groups.length > 0 || own === null ? null : (
          <p className="flex gap-2">
            <span className="pt-1 text-failed">
              <StatusShape tone="failed" />
            </span>
            <span className="min-w-0 break-words">
              {own.message}
              {typeof own.line === 'number' && own.kind !== 'template' ? (
                <span className="text-ink-3"> · line {own.line} of the playbook</span>
              ) : null}
              {own.hint ? <span className="block text-ink-2">{own.hint}</span> : null}
            </span>
          </p>
        )}
        <ul className="space-y-1.5">
          {groups.map((group) => (
            <li key={group.key} className="flex items-start gap-2">
              <span className="pt-1 text-failed">
                <StatusShape tone="failed" />
              </span>
              <div className="min-w-0 flex-1">
                <p className="break-words">
                  {group.error.message}
                  {group.elements.length > 1 ? (
                    <span className="text-ink-3"> · {countOf(group.elements.length, 'element')}</span>
                  ) : null}
                </p>
                <p className="truncate text-12 text-ink-2">
                  <bdi>
                    {group.elements
                      .slice(0, 6)
                      .map(({ label }) => label)
                      .join(', ')}
                  </bdi>
                  {group.elements.length > 6 ? ` and ${group.elements.length - 6} more` : ''}
                  {typeof group.error.page === 'number' ? ` · page ${group.error.page}` : ''}
                </p>
                {group.error.hint ? <p className="text-12 text-ink-2">{group.error.hint}</p> : null}
              </div>
              <Button
                onClick={() =>
                  inspectPage(setAddress, {
                    step: group.step,
                    e: group.elements[0]?.index ?? 0,
                    p: group.error.page ?? 1,
                  })
                }
              >
                Inspect
              </Button>
            </li>
          ))}
        </ul>
      </div>
      {isSettled(view.status) && view.status !== 'CANCELLED' ? (
        <RetryButton
          execution={view.executionId}
          request={{ scope: 'failed' }}
          label={retryLabel(view.stats)}
          onRetried={onRetried}
        />
      ) : null}
    </section>
  )
}

/** What was left out because of a failure is begun by the same retry. */
function retryLabel({ failed, skipped }: ExecutionView['stats']): string {
  if (failed === 0) return 'Retry the run'
  return `Retry ${formatCount(failed)} failed${skipped === 0 ? '' : `, ${formatCount(skipped)} left out`}`
}
