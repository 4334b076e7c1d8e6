import type { NewEvent } from '@/domain/execution/events'
import { keepsLastPage } from '@/domain/execution/collect-pages'
import { labelOf } from '@/domain/execution/view-context'
import { iteratorStarted, stepEvent } from '@/domain/execution/workflow-events'
import type { Loop, Step } from '@/domain/playbook/playbook'
import { maskSecretText } from '@/domain/playbook/template/secret-text'
import type { Queryable } from '../db/pool'
import { insertIterations, type Collection } from './insert-iterations'
import type { Run } from './load-run'
import { readCollection } from './read-collection'

type Prepared = { size: number; concurrency: number; events: NewEvent[] }

/**
 * Makes a started step ready to be handed out: analyses its collection, writes its iterations. A step without a loop is
 * one iteration with index 0. Throws DomainError, before anything is written, for what is wrong with the collection.
 */
export async function prepareStep(client: Queryable, run: Run, step: Step): Promise<Prepared> {
  const started = stepEvent('action_started', 'STARTED', step.step, { tool: step.tool })
  const collection = isLooped(step) ? await collectionOf(client, run, step) : onlyOne(step)
  await insertIterations(client, {
    executionId: run.executionId,
    step: step.step,
    collection,
    lastPageOnly: keepsLastPage(step),
  })
  const { elements, concurrency } = collection
  const events = isLooped(step) ? [started, iteratorStarted(step, collection)] : [started]
  return { size: elements.length, concurrency, events }
}

async function collectionOf(client: Queryable, run: Run, step: Step & { loop: Loop }): Promise<Collection> {
  const { elements, ...analysed } = await readCollection(client, run, step)
  const shown = elements.map(maskSecretText)
  return { ...analysed, elements: shown, labels: shown.map(labelOf), counted: shown.length }
}

const onlyOne = ({ step, tool }: Step): Collection => ({
  totalCount: 1,
  elements: [null],
  labels: [step],
  concurrency: 1,
  counted: tool === 'http' ? 1 : 0,
})

const isLooped = (step: Step): step is Step & { loop: Loop } => step.loop !== null
