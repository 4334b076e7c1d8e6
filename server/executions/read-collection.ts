import { analyseCollection, type AnalysedCollection } from '@/domain/execution/analyse-collection'
import type { Loop, Step } from '@/domain/playbook/playbook'
import type { Queryable } from '../db/pool'
import { buildScope } from './build-scope'
import type { Run } from './load-run'
import { chooseElements } from './only-elements'

/** What a loop turns over in this run, secrets still as markers. Throws DomainError, TemplateError. */
export async function readCollection(
  client: Queryable,
  run: Run,
  step: Step & { loop: Loop },
): Promise<AnalysedCollection> {
  const { collection, where, orderBy, limit, concurrency, chunkSize } = step.loop
  const scope = await buildScope(client, run, [collection, where, orderBy?.expression, limit, concurrency, chunkSize])
  const analysed = analyseCollection(step.step, step.loop, scope)
  return chooseElements(client, run.only, { step: step.step, collection: analysed })
}
