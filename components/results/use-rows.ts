'use client'
import { useQueries } from '@tanstack/react-query'
import type { ResultRow } from '@/domain/api/results'
import { ROWS_A_WINDOW, rowsQuery } from '@/components/api/queries'

/** The rows of the windows in sight; the rest is read when it is scrolled to. */
export function useRows(execution: string, step: string | null, stamp: string, windows: readonly number[]) {
  const answers = useQueries({ queries: windows.map((window) => rowsQuery(execution, step, window, stamp)) })
  const rows = new Map<number, ResultRow>()
  for (const [at, { data }] of answers.entries()) {
    const start = (windows[at] ?? 0) * ROWS_A_WINDOW
    for (const [offset, row] of (data?.items ?? []).entries()) rows.set(start + offset, row)
  }
  return {
    rows,
    total: answers.find(({ data }) => data !== undefined)?.data?.total ?? null,
    error: answers.find(({ error }) => error !== null)?.error ?? null,
    isPending: answers.some(({ isPending }) => isPending),
  }
}
