import type { Diagnostic } from '@/domain/playbook/diagnostic'
import { countOf } from '@/components/ui/format'
import { StatusShape } from '@/components/ui/status-shape'

/** Whether the text can run, in a word. */
export function ValidityMark({ diagnostics }: { diagnostics: readonly Diagnostic[] }) {
  const errors = diagnostics.filter(({ severity }) => severity === 'error').length
  return (
    <span
      role="status"
      className={`inline-flex items-center gap-1.5 text-12 max-sm:sr-only ${errors === 0 ? 'text-done' : 'text-failed'}`}
    >
      <StatusShape tone={errors === 0 ? 'done' : 'failed'} />
      {errors === 0 ? 'valid' : countOf(errors, 'error')}
    </span>
  )
}
