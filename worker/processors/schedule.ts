import type { JobPayload } from '@/server/queue/jobs'
import { runSchedule } from '@/server/schedules/run-schedule'

export const processSchedule = async ({ scheduleId }: JobPayload<'schedule'>): Promise<void> => runSchedule(scheduleId)
