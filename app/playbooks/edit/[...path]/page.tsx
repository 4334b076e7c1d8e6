import type { Metadata } from 'next'
import { notFound } from 'next/navigation'
import { playbookPathSchema } from '@/domain/api/fields'
import { EditorScreen } from '@/components/editor/editor-screen'

type Props = { params: Promise<{ path: string[] }> }

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  return { title: (await params).path.at(-1) ?? 'Playbook' }
}

export default async function EditPlaybookPage({ params }: Props) {
  const path = playbookPathSchema.safeParse((await params).path.map(decodeURIComponent).join('/'))
  if (!path.success) notFound()
  return <EditorScreen key={path.data} path={path.data} />
}
