import type { ScheduleAnswer } from '../api/schedules'

const MISSED = {
  skip: 'missed times are left out',
  run_once: 'one run for missed times',
  run_all: 'missed times are made up for',
}

/** What a schedule does besides its times, in a few words for a line of a list. */
export function policyWords({
  missed,
  overlap,
  version,
  workload,
}: Pick<ScheduleAnswer, 'missed' | 'overlap' | 'version' | 'workload'>): string {
  const inputs = Object.keys(workload).length
  return [
    version === null ? 'newest version' : `version ${version}`,
    MISSED[missed],
    overlap === 'skip' ? 'no overlap' : 'runs may overlap',
    inputs === 0 ? null : `${inputs} ${inputs === 1 ? 'input' : 'inputs'} set`,
  ]
    .filter(Boolean)
    .join(' · ')
}
