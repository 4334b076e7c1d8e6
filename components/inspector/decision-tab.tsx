import { recordOf, textOf, warningsOf } from '@/domain/execution/view-context'
import { StatusShape } from '@/components/ui/status-shape'
import { stopWords } from '../run/stop-words'
import { FactTable } from './fact-table'

/** Why there is a next page, or why there is none, with the values that decided it. */
export function DecisionTab({ next, page }: { next: Record<string, unknown> | null; page: number }) {
  if (next === null) return <p className="p-4 text-ink-2">This try gave no page, so nothing was decided from it.</p>
  const stopReason = textOf(next, 'stop_reason')
  const patch = next['request']
  const warnings = warningsOf(next)
  return (
    <div>
      <p className="flex items-start gap-2 px-4 pt-4 text-14">
        <span className={`pt-1 ${stopReason === null ? 'text-running' : 'text-done'}`}>
          <StatusShape tone={stopReason === null ? 'running' : 'done'} />
        </span>
        {stopReason === null ? `Went on to page ${page + 1}.` : `Stopped here: ${stopWords(stopReason)}.`}
      </p>
      {textOf(next, 'rule') === null ? null : <FactTable label="Rule" facts={[['rule', textOf(next, 'rule') ?? '']]} />}
      <FactTable label="Values seen" facts={factsOf(next['values'])} />
      {patch === null || patch === undefined ? null : (
        <FactTable label="Changes the next request by" facts={factsOf(patch)} />
      )}
      {warnings.length === 0 ? null : (
        <ul className="space-y-1 px-4 py-3 text-retry">
          {warnings.map((warning) => (
            <li key={warning.kind}>{warning.message}</li>
          ))}
        </ul>
      )}
    </div>
  )
}

function factsOf(value: unknown, prefix = ''): [string, string][] {
  const record = recordOf(value)
  if (record === null) return value === null || value === undefined ? [] : [[prefix || 'value', JSON.stringify(value)]]
  return Object.entries(record).flatMap(([name, part]) => factsOf(part, prefix === '' ? name : `${prefix}.${name}`))
}
