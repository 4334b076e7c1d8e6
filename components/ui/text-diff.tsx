import { lineDiff, type DiffPart } from '@/domain/execution/line-diff'

type Props = { label: string; before: string; after: string }

/** What two texts have not in common: a line each, with its sign, so that colour is not all there is. */
export function TextDiff({ label, before, after }: Props) {
  const parts = lineDiff(before, after)
  return (
    <div
      role="group"
      aria-label={label}
      tabIndex={0}
      className="max-h-56 overflow-auto rounded-md border border-line bg-paper py-1 font-mono text-12"
    >
      {parts.length === 0 ? <p className="px-2 text-ink-3">Nothing differs.</p> : null}
      {parts.map((part, at) =>
        part === null ? (
          <p key={at} className="px-2 text-ink-3">
            ⋯
          </p>
        ) : (
          part.lines.map((line, place) => <Line key={`${at}:${place}`} kind={part.kind} line={line} />)
        ),
      )}
    </div>
  )
}

function Line({ kind, line }: { kind: DiffPart['kind']; line: string }) {
  const { sign, look, word } = LOOKS[kind]
  return (
    <p className={`w-max min-w-full px-2 whitespace-pre ${look}`}>
      <span aria-hidden className="inline-block w-4 select-none">
        {sign}
      </span>
      {word === null ? null : <span className="sr-only">{word} </span>}
      {line}
    </p>
  )
}

const LOOKS: Record<DiffPart['kind'], { sign: string; look: string; word: string | null }> = {
  same: { sign: ' ', look: 'text-ink-2', word: null },
  added: { sign: '+', look: 'bg-done/15 text-ink', word: 'added' },
  removed: { sign: '−', look: 'bg-failed/12 text-ink', word: 'removed' },
}
