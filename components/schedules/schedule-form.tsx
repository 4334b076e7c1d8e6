'use client'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useMemo, useState } from 'react'
import type { PlaybookAnswer } from '@/domain/api/playbooks'
import { scheduleSchema, type ScheduleAnswer } from '@/domain/api/schedules'
import type { JsonObject } from '@/domain/json'
import { parsePlaybook } from '@/domain/playbook/parse-playbook'
import { workloadInputs, type WorkloadInput } from '@/domain/playbook/workload-inputs'
import { problemOf } from '@/components/api/problem-of'
import { requestJson } from '@/components/api/request-json'
import { InputForm } from '@/components/editor/input-form'
import { readInputs, textOf, type EditedInputs } from '@/components/editor/input-values'
import { Button } from '@/components/ui/button'
import { ProblemNote } from '@/components/ui/problem-note'
import { hereZone } from '@/components/ui/zone-text'
import { ScheduleFields, type ScheduleDraft } from './schedule-fields'
import { SchedulePreview } from './schedule-preview'

type Props = { playbook: PlaybookAnswer; schedule: ScheduleAnswer | null; onDone: () => void }

/** Makes a schedule or changes one; what it would do is shown before it is saved. */
export function ScheduleForm({ playbook, schedule, onDone }: Props) {
  const queries = useQueryClient()
  const [draft, setDraft] = useState<ScheduleDraft>(() => draftOf(schedule))
  const inputs = useMemo(() => workloadInputs(parsePlaybook(playbook.content).playbook?.workload ?? {}), [playbook])
  const [edited, setEdited] = useState<EditedInputs>(() => editedOf(inputs, schedule))
  const { workload, errors } = readInputs(inputs, edited)
  const save = useMutation({
    mutationFn: () => {
      const body = { ...bodyOf(draft), workload }
      if (schedule === null) {
        return requestJson('/api/schedules', scheduleSchema, { method: 'POST', body: { path: playbook.path, ...body } })
      }
      return requestJson(`/api/schedules/${schedule.schedule_id}`, scheduleSchema, { method: 'PATCH', body })
    },
    onSuccess: async () => {
      await queries.invalidateQueries({ queryKey: ['schedules'] })
      onDone()
    },
  })
  const problem = save.error === null ? null : problemOf(save.error)
  const edit = (key: string, text: string | null) =>
    setEdited(({ [key]: _old, ...others }) => (text === null ? others : { ...others, [key]: text }))
  return (
    <form
      aria-label={schedule === null ? 'New schedule' : 'Schedule'}
      className="grid grid-cols-[minmax(0,1fr)] gap-x-10 gap-y-5 border-b border-line bg-panel p-4 sm:p-5 lg:grid-cols-[minmax(0,420px)_minmax(0,420px)]"
      onSubmit={(event) => {
        event.preventDefault()
        save.mutate()
      }}
    >
      <ScheduleFields draft={draft} latestVersion={playbook.latest_version} problem={problem} onChange={setDraft} />
      <div className="space-y-5">
        <SchedulePreview cron={draft.cron} timeZone={draft.timeZone} />
        <section aria-label="Inputs">
          <h2 className="pb-2 text-12 text-ink-3">Inputs of its runs</h2>
          <InputForm inputs={inputs} edited={edited} errors={errors} onEdit={edit} />
        </section>
      </div>
      <div className="space-y-3 lg:col-span-2">
        {problem === null || problem.errors.length > 0 ? null : <ProblemNote problem={problem} />}
        <div className="flex gap-2">
          <Button kind="primary" type="submit" disabled={save.isPending || Object.keys(errors).length > 0}>
            {schedule === null ? 'Save the schedule' : 'Save the changes'}
          </Button>
          <Button onClick={onDone}>Not now</Button>
        </div>
      </div>
    </form>
  )
}

function draftOf(schedule: ScheduleAnswer | null): ScheduleDraft {
  if (schedule === null) {
    return { cron: '0 2 * * *', timeZone: hereZone(), version: '', missed: 'skip', overlap: 'skip' }
  }
  const { cron, time_zone: timeZone, version, missed, overlap } = schedule
  return { cron, timeZone, version: version === null ? '' : String(version), missed, overlap }
}

const bodyOf = ({ cron, timeZone, version, missed, overlap }: ScheduleDraft): JsonObject => ({
  cron,
  time_zone: timeZone,
  version: version === '' ? null : Number(version),
  missed,
  overlap,
})

function editedOf(inputs: readonly WorkloadInput[], schedule: ScheduleAnswer | null): EditedInputs {
  const given = schedule?.workload ?? {}
  return Object.fromEntries(
    inputs.flatMap((input) => (Object.hasOwn(given, input.key) ? [[input.key, textOf(input, given[input.key])]] : [])),
  )
}
