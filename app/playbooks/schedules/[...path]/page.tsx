import type { Metadata } from 'next'
import { notFound } from 'next/navigation'
import { playbookPathSchema } from '@/domain/api/fields'
import { SchedulesScreen } from '@/components/schedules/schedules-screen'

type Props = { params: Promise<{ path: string[] }> }

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  return { title: `Schedules of ${(await params).path.at(-1) ?? 'a playbook'}` }
}

export default async function SchedulesPage({ params }: Props) {
  const path = playbookPathSchema.safeParse((await params).path.map(decodeURIComponent).join('/'))
  if (!path.success) notFound()
  return <SchedulesScreen key={path.data} path={path.data} />
}
