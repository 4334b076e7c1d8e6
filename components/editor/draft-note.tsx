import { formatTime } from '@/components/ui/format'

/** Says that what is shown is an unsaved draft, and how to get back. */
export function DraftNote({ at, version, onDiscard }: { at: number; version: number | null; onDiscard: () => void }) {
  return (
    <p role="status" className="flex h-8 shrink-0 items-center gap-2 border-b border-line bg-retry/8 px-4 text-12">
      Your draft of {formatTime(at)} is shown; it is not saved.
      <button type="button" onClick={onDiscard} className="text-accent hover:underline">
        {version === null ? 'Start over' : `Go back to version ${version}`}
      </button>
    </p>
  )
}
