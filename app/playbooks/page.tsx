import type { Metadata } from 'next'
import { PlaybookCatalog } from '@/components/playbooks/playbook-catalog'

export const metadata: Metadata = { title: 'Playbooks' }

export default function PlaybooksPage() {
  return <PlaybookCatalog />
}
