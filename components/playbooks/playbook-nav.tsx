import Link from 'next/link'

type Place = 'edit' | 'schedules' | 'webhook'

const PLACES: readonly { place: Place; label: string }[] = [
  { place: 'edit', label: 'Playbook' },
  { place: 'schedules', label: 'Schedules' },
  { place: 'webhook', label: 'Webhooks and notices' },
]

/** The pages of one playbook. */
export function PlaybookNav({ path, current }: { path: string; current: Place }) {
  return (
    <nav
      aria-label="Pages of this playbook"
      className="flex h-10 shrink-0 items-stretch gap-5 border-b border-line px-3 sm:px-5"
    >
      {PLACES.map(({ place, label }) => (
        <Link
          key={place}
          href={`/playbooks/${place}/${path}`}
          aria-current={place === current ? 'page' : undefined}
          className="-mb-px inline-flex items-center border-b-2 border-transparent text-ink-2 hover:text-ink aria-[current]:border-accent aria-[current]:text-ink"
        >
          {label}
        </Link>
      ))}
    </nav>
  )
}
