import type { Metadata } from 'next'
import { notFound } from 'next/navigation'
import { idSchema } from '@/domain/api/fields'
import { RunScreen } from '@/components/run/run-screen'

type Props = { params: Promise<{ id: string }> }

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  return { title: `Run ${(await params).id}` }
}

export default async function RunPage({ params }: Props) {
  const { id } = await params
  if (!idSchema.safeParse(id).success) notFound()
  return <RunScreen key={id} id={id} />
}
