'use client'
import type { DetectAnswer } from '@/domain/api/playbook-test'
import { CodeView } from '@/components/editor/code-view'
import { sentRequest } from '@/components/inspector/sent-request'
import { Button } from '@/components/ui/button'
import { countOf } from '@/components/ui/format'
import { StatusShape } from '@/components/ui/status-shape'

type Props = {
  answer: DetectAnswer
  step: string
  isStale: boolean
  onWrite: ((edit: { from: number; to: number; insert: string }) => void) | null
}

/** How an API pages, with what speaks for it, what was refused, and the block to write. */
export function DetectionView({ answer, step, isStale, onWrite }: Props) {
  const { edit, yaml } = answer
  return (
    <div tabIndex={0} role="region" aria-label="Detected pagination" className="flex-1 space-y-4 overflow-y-auto p-4">
      <p role="status" className="flex items-start gap-2">
        <span className={`pt-1 ${answer.proved ? 'text-done' : 'text-retry'}`}>
          <StatusShape tone={answer.proved ? 'done' : 'retry'} />
        </span>
        <span className="min-w-0 break-words">
          {answer.proved ? `Proved by a second page: ${nameOf(answer.choice)}.` : `Nothing to write: ${answer.reason}.`}
          {answer.hint === null ? null : <span className="text-ink-2"> {answer.hint}</span>}
        </span>
      </p>
      {yaml === null ? null : (
        <div className="space-y-2">
          <div className="overflow-hidden rounded-md border border-line">
            <CodeView label="Block to write" language="yaml" text={yaml.trimEnd()} />
          </div>
          {edit === null ? (
            <p className="text-ink-2">Its place in the text could not be found; copy it into the step "{step}".</p>
          ) : null}
          {edit === null || onWrite === null ? null : (
            <Button kind="primary" disabled={isStale} onClick={() => onWrite(edit)}>
              Write it into the text
            </Button>
          )}
        </div>
      )}
      {sectionsOf(answer).map(({ label, lines }) => (
        <Lines key={label} label={label} lines={lines} />
      ))}
    </div>
  )
}

const sectionsOf = ({ evidence, refused, pages }: DetectAnswer): { label: string; lines: string[] }[] =>
  [
    { label: 'Evidence', lines: evidence.map((line) => line.replaceAll('`', '')) },
    { label: 'Refused', lines: refused.map(({ choice, why }) => `${nameOf(choice)}: ${why}`) },
    {
      label: 'Asked for',
      lines: pages.map(
        ({ page, request, status, items }) =>
          `page ${page}: ${sentRequest(request).url} answered ${status} with ${countOf(items, 'item')}`,
      ),
    },
  ].filter(({ lines }) => lines.length > 0)

function Lines({ label, lines }: { label: string; lines: readonly string[] }) {
  return (
    <section aria-label={label}>
      <h3 className="pb-1 text-12 text-ink-3">{label}</h3>
      <ul className="space-y-0.5 text-12 break-words">
        {lines.map((line) => (
          <li key={line}>{line}</li>
        ))}
      </ul>
    </section>
  )
}

/** "page, sent as page, from 1", "cursor, sent as after", "link". */
function nameOf(choice: DetectAnswer['choice']): string {
  const { type, param, start } = choice ?? {}
  const sent = typeof param === 'string' ? `, sent as ${param}` : ''
  return `${String(type)}${sent}${typeof start === 'number' ? `, from ${start}` : ''}`
}
