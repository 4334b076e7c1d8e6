import type { ComponentProps } from 'react'

/** A button that shows only an icon; its name is spoken and shown on hover. */
export function IconButton({ label, className = '', ...rest }: ComponentProps<'button'> & { label: string }) {
  return (
    <button
      type="button"
      aria-label={label}
      title={label}
      className={`inline-flex size-7 shrink-0 items-center justify-center rounded-md text-ink-2 transition-colors hover:bg-ink/6 hover:text-ink disabled:opacity-40 disabled:hover:bg-transparent ${className}`}
      {...rest}
    />
  )
}
