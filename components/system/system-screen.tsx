'use client'
import { useQuery } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import type { SystemAnswer } from '@/domain/api/system'
import { problemOf } from '@/components/api/problem-of'
import { PageHeader } from '@/components/shell/page-header'
import { countOf, formatBytes } from '@/components/ui/format'
import { ListSkeleton } from '@/components/ui/list-skeleton'
import { ProblemNote } from '@/components/ui/problem-note'
import { useHydrated } from '@/components/ui/use-hydrated'
import { PartList } from './part-list'
import { queueWords } from './words'
import { systemQuery } from './queries'
import { StorageTable } from './storage-table'
import { WorkerList } from './worker-list'

/** The banner in the frame asks the same. */
const NOTHING_YET = { data: undefined, error: null, isPending: true }

/** What runs need, whether it is there, and what they have left behind. */
export function SystemScreen() {
  const query = useQuery(systemQuery)
  const { data, error, isPending } = useHydrated() ? query : NOTHING_YET
  return (
    <>
      <PageHeader crumbs={[{ label: 'System' }]} />
      <div className="min-h-0 flex-1 overflow-y-auto pb-8">
        {error === null ? null : (
          <div className="p-4">
            <ProblemNote problem={problemOf(error)} />
          </div>
        )}
        {isPending ? <ListSkeleton rows={8} /> : null}
        {data === undefined ? null : <Parts system={data} />}
      </div>
    </>
  )
}

function Parts({ system }: { system: SystemAnswer }) {
  const { checks, workers, queues, database, playbooks } = system
  return (
    <>
      <Block title="Parts">
        <PartList checks={checks} />
      </Block>
      <Block title="Workers">
        <WorkerList workers={workers} />
      </Block>
      <Block title="Queue">
        <Line>{queueWords(queues)}</Line>
      </Block>
      <Block title="Database">
        <Line>
          {database === null
            ? 'It does not answer.'
            : `PostgreSQL ${database.version}, ${formatBytes(database.bytes)} in all.`}
        </Line>
      </Block>
      <Block title="Stored" note={playbooks === null ? undefined : totalOf(playbooks)}>
        <StorageTable playbooks={playbooks} />
      </Block>
    </>
  )
}

const totalOf = (playbooks: NonNullable<SystemAnswer['playbooks']>): string => {
  const runs = playbooks.reduce((sum, { executions }) => sum + executions, 0)
  return `${countOf(runs, 'run')}, ${formatBytes(playbooks.reduce((sum, { bytes }) => sum + bytes, 0))}`
}

function Block({ title, note, children }: { title: string; note?: string | undefined; children: ReactNode }) {
  return (
    <section aria-label={title}>
      <h2 className="flex items-baseline gap-2 px-3 pt-5 pb-1.5 text-12 text-ink-3 sm:px-5">
        {title}
        {note === undefined ? null : <span>{note}</span>}
      </h2>
      {children}
    </section>
  )
}

const Line = ({ children }: { children: ReactNode }) => (
  <p className="border-y border-line/60 px-3 py-2 sm:px-5">{children}</p>
)
