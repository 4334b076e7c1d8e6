import type { ReactNode } from 'react'

/** The look of a control in a form. */
export const controlClass = (isWrong = false): string =>
  `h-7 w-full rounded-md border bg-panel px-2 text-13 ${isWrong ? 'border-failed' : 'border-line'}`

/** A control with its name above and, below, what is wrong with it or what it is for. */
export function Field({
  id,
  label,
  error = null,
  hint,
  children,
}: {
  id: string
  label: string
  error?: string | null
  hint?: ReactNode
  children: ReactNode
}) {
  return (
    <div>
      <label htmlFor={id} className="block pb-0.5 text-12 text-ink-2">
        {label}
      </label>
      {children}
      {error === null ? null : (
        <p id={`${id}-note`} role="alert" className="pt-0.5 text-12 text-failed">
          {error}
        </p>
      )}
      {error === null && hint !== undefined ? (
        <p id={`${id}-note`} className="max-w-[72ch] pt-0.5 text-12 text-ink-3">
          {hint}
        </p>
      ) : null}
    </div>
  )
}
