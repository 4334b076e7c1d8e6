import Link from 'next/link'
import type { ExecutionAnswer, RetryLink } from '@/domain/api/executions'
import { lookOf } from '@/components/ui/status'

type Props = Pick<ExecutionAnswer, 'retried_from' | 'retried_by'>

/** The runs that this one retries, and that retry it. */
export function RetryLinks({ retried_from: from, retried_by: by }: Props) {
  return (
    <nav
      aria-label="Retries"
      className="flex shrink-0 flex-wrap items-center gap-x-4 gap-y-0.5 border-b border-line bg-panel px-3 py-1.5 text-12 text-ink-2 sm:px-5"
    >
      {from === null ? null : (
        <span>
          Retry of <RunLink link={from} /> · {wordsFor(from)}
        </span>
      )}
      {by.length === 0 ? null : (
        <span className="flex flex-wrap gap-x-2">
          Retried by
          {by.map((link) => (
            <span key={link.execution_id}>
              <RunLink link={link} /> <span className={lookOf(link.status).color}>{lookOf(link.status).word}</span>
            </span>
          ))}
        </span>
      )}
    </nav>
  )
}

const RunLink = ({ link }: { link: RetryLink }) => (
  <Link href={`/runs/${link.execution_id}`} className="font-mono text-accent hover:underline">
    #{link.execution_id}
  </Link>
)

const SCOPES: Record<RetryLink['scope'], string> = {
  all: 'the whole run',
  failed: 'what failed',
  iteration: 'one element',
}

const wordsFor = ({ scope, version }: RetryLink): string =>
  `${SCOPES[scope]}, ${version === 'newest' ? 'with the newest version' : 'as it ran'}`
