import type { ExecutionView } from '@/domain/execution/view'
import { StatusShape } from '@/components/ui/status-shape'

/** What the playbook promised, each as met or not. */
export function Expectations({ expectations }: { expectations: ExecutionView['expectations'] }) {
  const met = expectations.filter(({ passed }) => passed).length
  return (
    <section aria-label="Expectations">
      <h2 className="flex items-baseline gap-2 pb-1.5 text-12 text-ink-3">
        Expectations
        <span>
          {met} of {expectations.length} met
        </span>
      </h2>
      <ul className="space-y-1">
        {expectations.map(({ name, passed, actual, message }) => (
          <li key={name} className="flex items-start gap-2">
            <span className={`pt-1 ${passed ? 'text-done' : 'text-failed'}`}>
              <StatusShape tone={passed ? 'done' : 'failed'} label={passed ? 'met' : 'not met'} />
            </span>
            <span className="min-w-0 break-words">
              {name}
              {passed ? null : (
                <span className="block text-12 text-failed">{message ?? `it was ${JSON.stringify(actual)}`}</span>
              )}
            </span>
          </li>
        ))}
      </ul>
    </section>
  )
}
