'use client'
import { parseAsInteger, parseAsString, parseAsStringLiteral, useQueryStates } from 'nuqs'

const LENSES = ['timeline', 'events', 'results', 'playbook'] as const

export const INSPECTOR_TABS = ['response', 'request', 'headers', 'timing', 'decision'] as const
export type InspectorTab = (typeof INSPECTOR_TABS)[number]

const SCALES = ['lanes', 'rows'] as const
const SHOWN = ['all', 'failed', 'running', 'waiting', 'completed'] as const
const EVENT_VIEWS = ['grouped', 'all', 'json'] as const

const ADDRESS = {
  lens: parseAsStringLiteral(LENSES).withDefault('timeline'),
  step: parseAsString,
  e: parseAsInteger,
  p: parseAsInteger,
  a: parseAsInteger,
  inspect: parseAsStringLiteral(INSPECTOR_TABS),
  scale: parseAsStringLiteral(SCALES),
  show: parseAsStringLiteral(SHOWN).withDefault('all'),
  find: parseAsString.withDefault(''),
  events: parseAsStringLiteral(EVENT_VIEWS).withDefault('grouped'),
  filter: parseAsString.withDefault(''),
}

/** What is open and selected on a run's screen: run ▸ step ▸ element ▸ page ▸ attempt, all of it in the URL. */
export const useRunAddress = () => useQueryStates(ADDRESS, { history: 'replace', shallow: true })

export type RunAddress = ReturnType<typeof useRunAddress>[0]
export type SetRunAddress = ReturnType<typeof useRunAddress>[1]

/** Opening and leaving something is a step of the browser's history; moving a selection is not. */
export const AS_STEP = { history: 'push' } as const
