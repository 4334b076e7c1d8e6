import { analyseCollection, type AnalysedCollection } from '@/domain/execution/analyse-collection'
import { inTurns } from '@/domain/in-turns'
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
  // A transaction is ended when nothing is heard of it for long; the answer also lets leases be renewed meanwhile.
  const analysed = await inTurns(analyseCollection(step.step, step.loop, scope), async () => client.query('SELECT 1'))
  return chooseElements(client, run.only, { step: step.step, collection: analysed })
}
