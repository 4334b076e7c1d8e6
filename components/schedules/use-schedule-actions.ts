'use client'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { toast } from 'sonner'
import { z } from 'zod'
import { runAnswerSchema } from '@/domain/api/executions'
import { scheduleSchema, type ScheduleAnswer } from '@/domain/api/schedules'
import { problemOf } from '@/components/api/problem-of'
import { requestJson } from '@/components/api/request-json'

/** What can be done about a schedule beside editing it; each says when it could not. */
export function useScheduleActions({ schedule_id: id }: ScheduleAnswer) {
  const queries = useQueryClient()
  const address = `/api/schedules/${id}`
  const options = {
    onSuccess: () =>
      Promise.all([
        queries.invalidateQueries({ queryKey: ['schedules'] }),
        queries.invalidateQueries({ queryKey: ['schedule-runs', id] }),
      ]),
    onError: (error: Error) => toast.error(problemOf(error).detail),
  }
  const pause = useMutation({
    mutationFn: (paused: boolean) => requestJson(address, scheduleSchema, { method: 'PATCH', body: { paused } }),
    ...options,
  })
  const runNow = useMutation({
    mutationFn: () => requestJson(`${address}/run`, runAnswerSchema, { method: 'POST', body: {} }),
    ...options,
  })
  const remove = useMutation({
    mutationFn: () => requestJson(address, z.null(), { method: 'DELETE' }),
    ...options,
  })
  return {
    isBusy: pause.isPending || runNow.isPending || remove.isPending,
    pause: pause.mutate,
    runNow: () => runNow.mutate(),
    remove: () => remove.mutate(),
  }
}
