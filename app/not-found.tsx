import Link from 'next/link'
import { PageHeader } from '@/components/shell/page-header'
import { buttonClass } from '@/components/ui/button'
import { EmptyState } from '@/components/ui/empty-state'

export default function NotFound() {
  return (
    <>
      <PageHeader crumbs={[{ label: 'Not found' }]} />
      <EmptyState
        title="There is no page at this address"
        action={
          <Link href="/" className={buttonClass()}>
            Go home
          </Link>
        }
      >
        The address may be cut off, or what was here has been deleted.
      </EmptyState>
    </>
  )
}
