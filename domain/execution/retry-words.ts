import type { RetryPreview } from '../api/control'

/** What a retry sends and keeps: "34 elements, at least 34 requests, 1,204 pages kept, limit resets 14:20". `timeOf` writes a moment as the reader's clock shows it. */
export function retryWords(preview: RetryPreview, timeOf: (at: Date) => string): string {
  const { elements, at_least_requests: requests, pages_kept: kept, limit_resets: resets } = preview
  const parts = [
    counted(elements, 'element'),
    `at least ${counted(requests, 'request')}`,
    `${counted(kept, 'page')} kept`,
    ...(resets === null ? [] : [`limit resets ${timeOf(new Date(resets.at))}`]),
  ]
  return parts.join(', ')
}

/** Beside those counts where somebody wrote other inputs: what a run has to fetch is known when it has begun. */
export const OTHER_INPUTS = 'The counts are those of the run before; with other inputs they may differ.'

/** What a retry meets of its schedule; null where nothing of it runs. A schedule leaves a due time out, a person is not refused. */
export const besideWords = ({ beside }: RetryPreview): string | null =>
  beside === null ? null : `Execution ${beside} of the same schedule has not ended; the retry runs beside it.`

const counted = (count: number, one: string): string => `${count.toLocaleString('en')} ${one}${count === 1 ? '' : 's'}`
