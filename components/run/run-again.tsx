'use client'
import { Pencil, Play } from 'lucide-react'
import Link from 'next/link'
import { isSettled, type ExecutionView } from '@/domain/execution/view'
import { buttonClass } from '@/components/ui/button'
import { RetryButton } from './retry/retry-button'

/** What to do next with a run: change its playbook, or run it again as a new run, with the version and inputs chosen. */
export function RunAgain({ view }: { view: ExecutionView }) {
  return (
    <>
      {/* A run that has just begun has told nothing yet, not even what it runs. */}
      {view.path === '' ? null : (
        <Link href={`/playbooks/edit/${view.path}`} className={`${buttonClass('quiet')} max-sm:hidden`}>
          <Pencil aria-hidden size={13} />
          Edit playbook
        </Link>
      )}
      <RetryButton
        execution={view.executionId}
        request={{ scope: 'all' }}
        label="Run again"
        icon={<Play aria-hidden size={13} />}
        // On a small screen a run that goes on has its controls there.
        className={isSettled(view.status) ? '' : 'max-sm:hidden'}
        onRetried={() => undefined}
      />
    </>
  )
}
