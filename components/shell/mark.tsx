/** The mark: a page whose corner is being turned. */
export function Mark({ size = 20 }: { size?: number }) {
  return (
    <svg aria-hidden width={size} height={size} viewBox="0 0 20 20" fill="none" className="shrink-0">
      <path d="M4 2.5h7.5L16 7v10.5H4z" className="fill-ink/8 stroke-ink" strokeWidth="1.4" strokeLinejoin="round" />
      <path d="M11.5 2.5 16 7h-4.5z" className="fill-accent stroke-accent" strokeWidth="1.4" strokeLinejoin="round" />
    </svg>
  )
}
