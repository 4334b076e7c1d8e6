import Link from 'next/link'
import { z } from 'zod'
import { formatExact } from '@/components/ui/format'

const triggerSchema = z.discriminatedUnion('type', [
  z.object({ type: z.literal('schedule'), due_at: z.string(), reason: z.string().optional() }),
  z.object({ type: z.literal('webhook'), name: z.string() }),
])
type Trigger = z.infer<typeof triggerSchema>

/** What started a run when nobody did, or null. */
export function triggerOf(trigger: unknown): Trigger | null {
  return triggerSchema.safeParse(trigger).data ?? null
}

/** The schedule or webhook that started a run. */
export function StartedBy({ trigger, path }: { trigger: Trigger; path: string }) {
  const place = trigger.type === 'schedule' ? 'schedules' : 'webhook'
  return (
    <p className="shrink-0 border-b border-line bg-panel px-3 py-1.5 text-12 text-ink-2 sm:px-5">
      Started by{' '}
      <Link href={`/playbooks/${place}/${path}`} className="text-accent underline">
        {trigger.type === 'schedule' ? 'a schedule' : `the webhook “${trigger.name}”`}
      </Link>
      {trigger.type === 'schedule' ? <Due trigger={trigger} /> : null}
    </p>
  )
}

function Due({ trigger }: { trigger: Trigger & { type: 'schedule' } }) {
  if (trigger.reason === 'asked') return ', on demand'
  const due = new Date(trigger.due_at)
  return (
    <>
      , due{' '}
      <time dateTime={trigger.due_at} title={formatExact(due.getTime())} suppressHydrationWarning>
        {due.toLocaleString('en-GB', { dateStyle: 'medium', timeStyle: 'short' })}
      </time>
      {trigger.reason === 'missed' ? ' and missed then' : ''}
    </>
  )
}
