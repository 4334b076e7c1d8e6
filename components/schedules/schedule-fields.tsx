'use client'
import type { Problem } from '@/domain/api/problem'
import type { MissedPolicy, OverlapPolicy } from '@/domain/schedule/decide-due'
import { Button } from '@/components/ui/button'
import { controlClass, Field } from '@/components/ui/field'

export type ScheduleDraft = {
  cron: string
  timeZone: string
  /** Empty: the newest. */
  version: string
  missed: MissedPolicy
  overlap: OverlapPolicy
}

type Props = {
  draft: ScheduleDraft
  latestVersion: number
  problem: Problem | null
  onChange: (draft: ScheduleDraft) => void
}

const USUAL: readonly { label: string; cron: string }[] = [
  { label: 'Hourly', cron: '0 * * * *' },
  { label: 'Daily', cron: '0 2 * * *' },
  { label: 'Weekdays', cron: '0 9 * * MON-FRI' },
  { label: 'Weekly', cron: '0 2 * * 1' },
  { label: 'Monthly', cron: '0 2 1 * *' },
]

const MISSED: readonly { value: MissedPolicy; label: string }[] = [
  { value: 'skip', label: 'Leave them out' },
  { value: 'run_once', label: 'Run once for all of them' },
  { value: 'run_all', label: 'Make up for each, the last 100' },
]

const OVERLAP: readonly { value: OverlapPolicy; label: string }[] = [
  { value: 'skip', label: 'Leave that time out' },
  { value: 'allow', label: 'Start another one beside it' },
]

/** When, in which zone, and what about times that were missed or meet a run. */
export function ScheduleFields({ draft, latestVersion, problem, onChange }: Props) {
  const errorOf = (path: string) => problem?.errors.find((place) => place.path === path)?.message ?? null
  const set = (change: Partial<ScheduleDraft>) => onChange({ ...draft, ...change })
  return (
    <div className="space-y-3">
      <Field
        id="schedule-cron"
        label="When"
        error={errorOf('cron')}
        hint="Minute, hour, day of the month, month, day of the week; or @hourly, @daily, @weekly, @monthly, @yearly."
      >
        <input
          id="schedule-cron"
          value={draft.cron}
          spellCheck={false}
          autoComplete="off"
          aria-invalid={errorOf('cron') !== null}
          aria-describedby="schedule-cron-note"
          onChange={(event) => set({ cron: event.target.value })}
          className={`${controlClass(errorOf('cron') !== null)} font-mono`}
        />
      </Field>
      <div role="group" aria-label="Usual times" className="flex flex-wrap gap-1.5">
        {USUAL.map(({ label, cron }) => (
          <Button
            key={cron}
            aria-pressed={draft.cron === cron}
            className="aria-pressed:border-accent"
            onClick={() => set({ cron })}
          >
            {label}
          </Button>
        ))}
      </div>
      <Field
        id="schedule-zone"
        label="Time zone"
        error={errorOf('time_zone')}
        hint="Where clocks are changed, a time they jump over runs at the jump, and one they show twice runs once."
      >
        <input
          id="schedule-zone"
          value={draft.timeZone}
          list="time-zones"
          spellCheck={false}
          autoComplete="off"
          aria-invalid={errorOf('time_zone') !== null}
          aria-describedby="schedule-zone-note"
          onChange={(event) => set({ timeZone: event.target.value })}
          className={controlClass(errorOf('time_zone') !== null)}
        />
      </Field>
      <datalist id="time-zones">
        {['UTC', ...Intl.supportedValuesOf('timeZone')].map((zone) => (
          <option key={zone}>{zone}</option>
        ))}
      </datalist>
      <Choice
        id="schedule-missed"
        label="Times missed while nothing ran here"
        options={MISSED}
        value={draft.missed}
        onChange={(missed) => set({ missed })}
      />
      <Choice
        id="schedule-overlap"
        label="When the run before has not ended"
        options={OVERLAP}
        value={draft.overlap}
        onChange={(overlap) => set({ overlap })}
      />
      <Choice
        id="schedule-version"
        label="Version"
        options={[{ value: '', label: 'The newest at each run' }, ...versions(latestVersion)]}
        value={draft.version}
        onChange={(version) => set({ version })}
      />
    </div>
  )
}

const versions = (latest: number): { value: string; label: string }[] =>
  Array.from({ length: latest }, (_, at) => latest - at).map((version) => ({
    value: String(version),
    label: `Always version ${version}`,
  }))

function Choice<Value extends string>({
  id,
  label,
  options,
  value,
  onChange,
}: {
  id: string
  label: string
  options: readonly { value: Value; label: string }[]
  value: Value
  onChange: (value: Value) => void
}) {
  const choose = (text: string) => {
    const option = options.find((each) => each.value === text)
    if (option !== undefined) onChange(option.value)
  }
  return (
    <Field id={id} label={label}>
      <select id={id} value={value} onChange={(event) => choose(event.target.value)} className={controlClass()}>
        {options.map((option) => (
          <option key={option.value} value={option.value}>
            {option.label}
          </option>
        ))}
      </select>
    </Field>
  )
}
