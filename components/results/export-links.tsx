import { Download } from 'lucide-react'
import { buttonClass } from '@/components/ui/button'

const FORMATS = [
  { format: 'csv', label: 'CSV' },
  { format: 'json', label: 'JSON' },
  { format: 'ndjson', label: 'NDJSON' },
  { format: 'parquet', label: 'Parquet' },
] as const

/** The whole of the results as files; they are streamed, so their size does not matter. */
export function ExportLinks({
  execution,
  step,
  provenance,
}: {
  execution: string
  step: string | null
  provenance: boolean
}) {
  return (
    <span className="flex items-center gap-1.5">
      <span className="text-12 text-ink-3 max-sm:sr-only">Export</span>
      {FORMATS.map(({ format, label }) => (
        <a key={format} download href={hrefOf(execution, step, format, provenance)} className={buttonClass()}>
          <Download aria-hidden size={13} className="max-sm:hidden" />
          {label}
        </a>
      ))}
    </span>
  )
}

function hrefOf(execution: string, step: string | null, format: string, provenance: boolean): string {
  const query = new URLSearchParams({ format })
  if (step !== null) query.set('step', step)
  if (provenance) query.set('provenance', '1')
  return `/api/executions/${execution}/results?${query}`
}
