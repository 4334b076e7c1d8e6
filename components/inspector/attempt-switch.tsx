import type { PageAnswer } from '@/domain/api/iterations'

type Props = { answer: PageAnswer; active: number | null; onChange: (attempt: number | null) => void }

/** Every try of a page; the one that gave the page comes last. */
export function AttemptSwitch({ answer, active, onChange }: Props) {
  const failed = answer.attempts.map(({ attempt, status, error }) => ({
    attempt,
    label: `${attempt} · ${status ?? error.kind}`,
    isGood: false,
  }))
  const good =
    answer.response === null
      ? []
      : [{ attempt: null, label: `${answer.attempt ?? failed.length + 1} · ${answer.response.status}`, isGood: true }]
  return (
    <div role="group" aria-label="Tries of this page" className="flex flex-wrap items-center gap-1.5">
      <span className="text-12 text-ink-3">Tries</span>
      {[...failed, ...good].map(({ attempt, label, isGood }) => (
        <button
          key={label}
          type="button"
          aria-pressed={attempt === active}
          onClick={() => onChange(attempt)}
          className={`rounded-sm border border-line px-1.5 text-12 aria-pressed:border-accent aria-pressed:bg-accent/10 ${isGood ? 'text-done' : 'text-retry'}`}
        >
          {label}
        </button>
      ))}
    </div>
  )
}
