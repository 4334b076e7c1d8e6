'use client'
import { RotateCcw } from 'lucide-react'
import { Dialog } from 'radix-ui'
import { useState } from 'react'
import type { RetryRequest } from '@/domain/api/control'
import { Button } from '@/components/ui/button'
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
      <Dialog.Portal>
        <Dialog.Overlay className="fixed inset-0 z-40 bg-ink/25" />
        <Dialog.Content
          aria-describedby={undefined}
          className="fixed top-1/2 left-1/2 z-50 w-[min(440px,calc(100vw-32px))] -translate-1/2 rounded-md border border-line bg-panel p-5 shadow-float"
        >
          <RetryForm
            execution={execution}
            request={request}
            onRetried={() => {
              setOpen(false)
              onRetried()
            }}
          />
        </Dialog.Content>
      </Dialog.Portal>
    </Dialog.Root>
  )
}
