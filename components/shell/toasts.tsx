'use client'
import { useTheme } from 'next-themes'
import { Toaster } from 'sonner'

export function Toasts() {
  const { resolvedTheme } = useTheme()
  return (
    <Toaster
      theme={resolvedTheme === 'dark' ? 'dark' : 'light'}
      position="bottom-right"
      toastOptions={{
        classNames: { toast: 'font-sans! rounded-md! border-line! bg-panel! text-ink! text-13! shadow-float!' },
      }}
    />
  )
}
