import type { QueueCount } from '@/domain/api/system'
import type { RetentionPolicy } from '@/domain/api/retention'
import { countOf, formatCount } from '@/components/ui/format'

/** What every queue holds, as a sentence. */
export function queueWords(queues: readonly QueueCount[]): string {
  const known = queues.filter(({ waiting }) => waiting !== null)
  if (known.length === 0) return 'It does not answer.'
  const sum = (of: 'waiting' | 'active' | 'delayed'): number => known.reduce((all, queue) => all + (queue[of] ?? 0), 0)
  return `${countOf(sum('waiting'), 'ticket')} waiting, ${formatCount(sum('active'))} at work, ${formatCount(sum('delayed'))} set for later.`
}

/** "every run", "30 days", "the newest 100", "30 days, of those the newest 100". */
export function keptWords({ keep_days: days, keep_runs: runs }: RetentionPolicy): string {
  const limits = [
    ...(days === null ? [] : [countOf(days, 'day')]),
    ...(runs === null ? [] : [`the newest ${formatCount(runs)}`]),
  ]
  return limits.length === 0 ? 'every run' : limits.join(', of those ')
}
