'use client'
import { RotateCcw } from 'lucide-react'
import dynamic from 'next/dynamic'
import { useRouter } from 'next/navigation'
import { Dialog } from 'radix-ui'
import { useState, type ReactNode } from 'react'
import type { RetryRequest } from '@/domain/api/control'
import { Button } from '@/components/ui/button'
import { DialogPanel } from '@/components/ui/dialog-panel'

/** Only loaded when it is opened: it compares texts and reads YAML. */
const RetryForm = dynamic(async () => (await import('./retry-form')).RetryForm, {
  ssr: false,
  loading: () => <div className="skeleton h-40" />,
})

type Props = {
  execution: string
  request: RetryRequest
  label: string
  icon?: ReactNode
  className?: string
  /** Called when the execution itself goes on. */
  onRetried: () => void
}

/** Opens the dialog that says what a retry would do, and does it; goes to the new run where it makes one. */
export function RetryButton({ execution, request, label, icon, className = '', onRetried }: Props) {
  const [isOpen, setOpen] = useState(false)
  const router = useRouter()
  return (
    <Dialog.Root open={isOpen} onOpenChange={setOpen}>
      <Dialog.Trigger asChild>
        <Button className={className}>
          {icon ?? <RotateCcw aria-hidden size={13} />}
          {label}
        </Button>
      </Dialog.Trigger>
      <DialogPanel>
        <RetryForm
          execution={execution}
          request={request}
          onRetried={(retried) => {
            setOpen(false)
            if (retried === execution) onRetried()
            else router.push(`/runs/${retried}`)
          }}
        />
      </DialogPanel>
    </Dialog.Root>
  )
}
