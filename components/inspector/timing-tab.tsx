import { formatDuration } from '@/components/ui/format'

const PHASES: readonly [key: string, word: string][] = [
  ['dns_ms', 'Name look-up'],
  ['connect_ms', 'Connecting'],
  ['tls_ms', 'TLS'],
  ['wait_ms', 'Waiting for the answer'],
  ['body_ms', 'Reading the body'],
]

/** Where the time of a request went, each phase to scale. */
export function TimingTab({
  timing,
  durationMs,
}: {
  timing: Record<string, number> | null
  durationMs: number | null
}) {
  const known = PHASES.map(([key, word]) => ({ word, ms: timing?.[key] ?? 0 }))
  const total = Math.max(
    1,
    durationMs ?? 0,
    known.reduce((sum, { ms }) => sum + ms, 0),
  )
  const starts = known.map((_, at) => known.slice(0, at).reduce((sum, { ms }) => sum + ms, 0))
  return (
    <div className="space-y-1.5 p-4">
      {timing === null ? <p className="text-ink-3">No timing was recorded for this try.</p> : null}
      {known.map(({ word, ms }, at) => (
        <div key={word} className="grid grid-cols-[150px_1fr_64px] items-center gap-3">
          <span className="text-ink-2">{word}</span>
          <span className="relative h-3 bg-sunken">
            <span
              className={`absolute inset-y-0 ${word.startsWith('Waiting') ? 'bg-running' : 'bg-ink-3'}`}
              style={{ left: `${((starts[at] ?? 0) / total) * 100}%`, width: `${(ms / total) * 100}%` }}
            />
          </span>
          <span className="text-right">{formatDuration(ms)}</span>
        </div>
      ))}
      <div className="grid grid-cols-[150px_1fr_64px] gap-3 border-t border-line pt-1.5 font-medium">
        <span className="col-span-2">Altogether</span>
        <span className="text-right">{formatDuration(durationMs ?? 0)}</span>
      </div>
    </div>
  )
}
