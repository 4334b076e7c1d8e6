import Link from 'next/link'

/** What the retry of a run that a schedule started would meet; the other run opens in a tab of its own, this dialog stays. */
export const BesideNote = ({ execution }: { execution: string }) => (
  <p className="flex gap-1.5 text-ink">
    <span aria-hidden="true" className="text-retry">
      ⚠
    </span>
    <span>
      Run{' '}
      <Link href={`/runs/${execution}`} target="_blank" className="font-mono text-accent hover:underline">
        #{execution}
      </Link>{' '}
      of the same schedule has not ended; the retry runs beside it.
    </span>
  </p>
)
