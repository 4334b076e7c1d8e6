'use client'
import { RotateCcw } from 'lucide-react'
import { Dialog } from 'radix-ui'
import { useState } from 'react'
import type { RetryRequest } from '@/domain/api/control'
import { Button } from '@/components/ui/button'
import { DialogPanel } from '@/components/ui/dialog-panel'
import { RetryForm } from './retry-form'

type Props = { execution: string; request: RetryRequest; label: string; onRetried: () => void }

/** Opens the dialog that says what a retry would do, and does it. */
export function RetryButton({ execution, request, label, onRetried }: Props) {
  const [isOpen, setOpen] = useState(false)
  return (
    <Dialog.Root open={isOpen} onOpenChange={setOpen}>
      <Dialog.Trigger asChild>
        <Button>
          <RotateCcw aria-hidden size={13} />
          {label}
        </Button>
      </Dialog.Trigger>
      <DialogPanel>
        <RetryForm
          execution={execution}
          request={request}
          onRetried={() => {
            setOpen(false)
            onRetried()
          }}
        />
      </DialogPanel>
    </Dialog.Root>
  )
}
