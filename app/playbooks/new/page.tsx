import type { Metadata } from 'next'
import { EditorScreen } from '@/components/editor/editor-screen'

export const metadata: Metadata = { title: 'New playbook' }

export default function NewPlaybookPage() {
  return <EditorScreen path={null} />
}
