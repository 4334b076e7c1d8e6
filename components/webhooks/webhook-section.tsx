'use client'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import type { WebhookWithToken } from '@/domain/api/webhooks'
import { Button } from '@/components/ui/button'
import { SectionHead } from '@/components/ui/section-head'
import { SectionList } from '@/components/api/section-list'
import { NewToken } from './new-token'
import { webhooksQuery } from './queries'
import { WebhookForm } from './webhook-form'
import { WebhookRow } from './webhook-row'

/** The addresses that start a playbook. A new token is shown until it is put away, and never again. */
export function WebhookSection({ path }: { path: string }) {
  const [isOpen, setOpen] = useState(false)
  const [fresh, setFresh] = useState<WebhookWithToken | null>(null)
  const query = useQuery(webhooksQuery(path))
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
      <SectionList query={query} label="Webhooks of this playbook" empty={isOpen ? null : 'There is none yet.'}>
        {(webhook) => <WebhookRow key={webhook.webhook_id} webhook={webhook} onRotated={setFresh} />}
      </SectionList>
    </section>
  )
}
