'use client'
import { Dialog } from 'radix-ui'
import { useState } from 'react'
import type { RetentionPolicy } from '@/domain/api/retention'
import { Button } from '@/components/ui/button'
import { DialogPanel } from '@/components/ui/dialog-panel'
import { RetentionForm } from './retention-form'

/** Opens the dialog that says how long the runs of a playbook are kept. */
export function RetentionButton({ path, policy }: { path: string; policy: RetentionPolicy }) {
  const [isOpen, setOpen] = useState(false)
  return (
    <Dialog.Root open={isOpen} onOpenChange={setOpen}>
      <Dialog.Trigger asChild>
        <Button aria-label={`Change what is kept of ${path}`}>Change</Button>
      </Dialog.Trigger>
      <DialogPanel>
        <RetentionForm path={path} policy={policy} onSaved={() => setOpen(false)} />
      </DialogPanel>
    </Dialog.Root>
  )
}
