import type { Shape } from './shape'
import type { Simulated } from './simulate'

/** What a person needs to find the mistake: the seed, what was broken, what happened, and how to see it again. */
export function tellSimulated({ scenario, violations, trace }: Simulated): string {
  const { seed, playbook, elements, faults, incidents, ...rest } = scenario
  const broken = violations.map(({ property, message, at }) => `  ${property}: ${message} (at ${seconds(at)})`)
  const strikes = Object.entries(faults).flatMap(([name, share]) =>
    share > 0 ? [`${name} ${(share * 100).toFixed(1)} %`] : [],
  )
  return [
    `Seed ${seed} ${broken.length === 0 ? 'keeps every promise.' : 'breaks a promise:'}`,
    ...broken,
    `Pages: ${[...elements].map(([name, pages]) => `${name} ${pages}`).join(', ')}; ${tellShape(rest.shape)}, ${rest.workers} workers with ${rest.slots} slots.`,
    `The step: ${JSON.stringify(playbook.workflow[1]?.loop)}`,
    `Faults until ${seconds(rest.calmAt)}: ${strikes.join(', ') || 'none'}.`,
    `Incidents: ${incidents.map(({ at, what }) => `${what} at ${seconds(at)}`).join(', ') || 'none'}.`,
    'What happened:',
    ...trace,
    `To see it again: npm run simulate -- ${seed}`,
  ].join('\n')
}

const seconds = (ms: number): string => `${(ms / 1000).toFixed(3)} s`

const tellShape = ({ pagination, ...rest }: Shape): string =>
  [pagination, ...Object.entries(rest).flatMap(([name, value]) => (isUsual(value) ? [] : [`${name} ${value}`]))].join(
    ', ',
  )

const isUsual = (value: unknown): boolean => value === false || value === null || value === 'fail'
