'use client'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import type { WebhookWithToken } from '@/domain/api/webhooks'
import { problemOf } from '@/components/api/problem-of'
import { Button } from '@/components/ui/button'
import { ListSkeleton } from '@/components/ui/list-skeleton'
import { ProblemNote } from '@/components/ui/problem-note'
import { SectionHead } from '@/components/ui/section-head'
import { NewToken } from './new-token'
import { webhooksQuery } from './queries'
import { WebhookForm } from './webhook-form'
import { WebhookRow } from './webhook-row'

/** The addresses that start a playbook. A new token is shown until it is put away, and never again. */
export function WebhookSection({ path }: { path: string }) {
  const [isOpen, setOpen] = useState(false)
  const [fresh, setFresh] = useState<WebhookWithToken | null>(null)
  const query = useQuery(webhooksQuery(path))
  const all = query.data?.items ?? []
  return (
    <section aria-label="Webhooks">
      <SectionHead title="Webhooks" action={isOpen ? null : <Button onClick={() => setOpen(true)}>New webhook</Button>}>
        A POST to the address of a webhook starts this playbook. The JSON it sends is{' '}
        <code className="font-mono text-12">workload.webhook</code>: data, never a template.
      </SectionHead>
      {fresh === null ? null : <NewToken webhook={fresh} onClose={() => setFresh(null)} />}
      {isOpen ? (
        <WebhookForm
          path={path}
          onMade={(webhook) => {
            setOpen(false)
            setFresh(webhook)
          }}
          onClose={() => setOpen(false)}
        />
      ) : null}
      {query.isPending ? <ListSkeleton rows={1} /> : null}
      {query.isError ? (
        <div className="px-3 sm:px-5">
          <ProblemNote problem={problemOf(query.error)} />
        </div>
      ) : null}
      {query.isSuccess && all.length === 0 && !isOpen ? (
        <p className="px-3 pb-3 text-ink-3 sm:px-5">There is none yet.</p>
      ) : null}
      {all.length === 0 ? null : (
        <ul aria-label="Webhooks of this playbook" className="border-t border-line/60">
          {all.map((webhook) => (
            <WebhookRow key={webhook.webhook_id} webhook={webhook} onRotated={setFresh} />
          ))}
        </ul>
      )}
    </section>
  )
}
