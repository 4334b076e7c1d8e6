import { z } from 'zod'
import type { AnalysedCollection } from '@/domain/execution/analyse-collection'
import { labelOf } from '@/domain/execution/view-context'
import { DomainError } from '@/domain/domain-error'
import { maskSecretText } from '@/domain/playbook/template/secret-text'
import type { Queryable } from '../db/pool'
import { storable } from './insert-iterations'

/**
 * A run of some elements only: by step, their indexes in the execution that they failed in. `before`: what that execution
 * was for, if it was one of some elements itself; its other steps are for those alone again.
 */
export type OnlyElements = { from: string; steps: Record<string, number[]>; before?: OnlyElements | undefined }
export const onlyElementsSchema: z.ZodType<OnlyElements> = z.object({
  from: z.string(),
  steps: z.record(z.string(), z.array(z.number().int())),
  get before() {
    return onlyElementsSchema.optional()
  },
})

/** Elements are the same when their JSON is, whatever their place in either collection; the names are of those that are nowhere. */
const SAME = `
  WITH wanted AS MATERIALIZED (
    SELECT coalesce(element, 'null') AS value, label FROM noetl.iteration
    WHERE execution_id = $1 AND step = $2 AND iteration_index = ANY ($3::int[])
  ), present AS MATERIALIZED (
    SELECT (n.ord - 1)::int AS place, coalesce(n.value, 'null') AS value FROM unnest($4::jsonb[]) WITH ORDINALITY AS n (value, ord)
  )
  SELECT ARRAY(SELECT place FROM present WHERE value IN (SELECT value FROM wanted)) AS places,
    ARRAY(SELECT label FROM wanted WHERE label IS NOT NULL AND value NOT IN (SELECT value FROM present)) AS missing`

/**
 * Of a step's collection the elements that this run is for, found by their value; one that was changed since, by its
 * name. Throws DomainError('collection_invalid') when none is left.
 */
export async function chooseElements(
  client: Queryable,
  only: OnlyElements | undefined,
  { step, collection }: { step: string; collection: AnalysedCollection },
): Promise<AnalysedCollection> {
  const wanted = only?.steps[step]
  if (only === undefined) return collection
  if (wanted === undefined) return chooseElements(client, only.before, { step, collection })
  const shown = collection.elements.map(maskSecretText)
  const { rows } = await client.query<{ places: number[]; missing: string[] }>(SAME, [
    only.from,
    step,
    wanted,
    shown.map(storable),
  ])
  const { places = [], missing = [] } = rows[0] ?? {}
  const [same, renamed] = [new Set(places), new Set(missing.filter((label) => !/^#\d+$/.test(label)))]
  const elements = collection.elements.filter(
    (_, place) => same.has(place) || renamed.has(labelOf(shown[place], place)),
  )
  if (elements.length > 0) return { ...collection, elements }
  throw new DomainError(
    'collection_invalid',
    `None of the ${wanted.length} elements of execution ${only.from} that step "${step}" should try again is in its collection.`,
    { hint: 'Run the whole playbook again: its collection is another one now.' },
  )
}
