import { Dialog } from 'radix-ui'
import type { ReactNode } from 'react'

/** What a `Dialog.Root` opens: a panel in the middle of the dimmed screen. Its content brings the `Dialog.Title`. */
export function DialogPanel({ children }: { children: ReactNode }) {
  return (
    <Dialog.Portal>
      <Dialog.Overlay className="fixed inset-0 z-40 bg-scrim" />
      <Dialog.Content
        aria-describedby={undefined}
        className="fixed top-1/2 left-1/2 z-50 max-h-[calc(100dvh-32px)] w-[min(520px,calc(100vw-32px))] overflow-y-auto -translate-1/2 rounded-md border border-line bg-panel p-5 shadow-float"
      >
        {children}
      </Dialog.Content>
    </Dialog.Portal>
  )
}
