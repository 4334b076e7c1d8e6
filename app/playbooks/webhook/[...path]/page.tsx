import type { Metadata } from 'next'
import { notFound } from 'next/navigation'
import { playbookPathSchema } from '@/domain/api/fields'
import { WebhookScreen } from '@/components/webhooks/webhook-screen'

type Props = { params: Promise<{ path: string[] }> }

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  return { title: `Webhooks of ${(await params).path.at(-1) ?? 'a playbook'}` }
}

export default async function WebhookPage({ params }: Props) {
  const path = playbookPathSchema.safeParse((await params).path.map(decodeURIComponent).join('/'))
  if (!path.success) notFound()
  return <WebhookScreen key={path.data} path={path.data} />
}
