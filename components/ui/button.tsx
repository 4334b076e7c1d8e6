import type { ButtonHTMLAttributes } from 'react'

type Kind = 'primary' | 'plain' | 'quiet'

const KINDS: Record<Kind, string> = {
  primary: 'bg-accent text-on-accent border-accent font-medium hover:brightness-108',
  plain: 'bg-panel text-ink border-line hover:border-line-strong',
  quiet: 'border-transparent text-ink-2 hover:bg-ink/6 hover:text-ink',
}

/** The classes of a button, for links that look like one. */
export const buttonClass = (kind: Kind = 'plain'): string =>
  `inline-flex h-7 shrink-0 items-center justify-center gap-1.5 whitespace-nowrap rounded-md border px-2.5 text-13 transition-colors disabled:opacity-50 disabled:cursor-not-allowed ${KINDS[kind]}`

export function Button({
  kind = 'plain',
  className = '',
  ...rest
}: ButtonHTMLAttributes<HTMLButtonElement> & { kind?: Kind }) {
  return <button type="button" className={`${buttonClass(kind)} ${className}`} {...rest} />
}
