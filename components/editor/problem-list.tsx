import type { Diagnostic } from '@/domain/playbook/diagnostic'
import { countOf } from '@/components/ui/format'
import { StatusShape } from '@/components/ui/status-shape'

/** What is wrong with the text; a press goes there. */
export function ProblemList({
  diagnostics,
  onJump,
}: {
  diagnostics: readonly Diagnostic[]
  onJump: (diagnostic: Diagnostic) => void
}) {
  return (
    <section aria-label="Problems" className="max-h-44 shrink-0 overflow-y-auto border-t border-line bg-paper">
      <h2 className="sticky top-0 bg-paper px-4 pt-1.5 pb-1 text-12 text-ink-3">
        {countOf(diagnostics.length, 'problem')}
      </h2>
      <ul className="pb-1.5">
        {diagnostics.map((diagnostic) => (
          <li key={`${diagnostic.from}:${diagnostic.code}:${diagnostic.message}`}>
            <button
              type="button"
              onClick={() => onJump(diagnostic)}
              className="flex w-full items-start gap-2 px-4 py-0.5 text-left hover:bg-ink/4"
            >
              <span className={`pt-1 ${diagnostic.severity === 'error' ? 'text-failed' : 'text-retry'}`}>
                <StatusShape tone={diagnostic.severity === 'error' ? 'failed' : 'paused'} label={diagnostic.severity} />
              </span>
              <span className="w-14 shrink-0 font-mono text-12 leading-5 text-ink-3">
                {diagnostic.line}:{diagnostic.column}
              </span>
              <span className="min-w-0 break-words">
                {diagnostic.message}
                {diagnostic.hint === null ? null : <span className="text-ink-2"> {diagnostic.hint}</span>}
              </span>
            </button>
          </li>
        ))}
      </ul>
    </section>
  )
}
