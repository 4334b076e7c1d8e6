import { z } from 'zod'
import type { AnalysedCollection } from '@/domain/execution/analyse-collection'
import { DomainError } from '@/domain/domain-error'
import { maskSecretText } from '@/domain/playbook/template/secret-text'
import type { Queryable } from '../db/pool'
import { storable } from './insert-iterations'

/** A run of some elements only: by step, their indexes in the execution that they failed in. */
export const onlyElementsSchema = z.object({ from: z.string(), steps: z.record(z.string(), z.array(z.number().int())) })
export type OnlyElements = z.infer<typeof onlyElementsSchema>

/** Elements are the same when their JSON is, whatever their place in either collection. */
const SAME = `
  SELECT (n.ord - 1)::int AS place
  FROM unnest($4::jsonb[]) WITH ORDINALITY AS n (value, ord)
  WHERE coalesce(n.value, 'null') IN (
    SELECT coalesce(element, 'null') FROM noetl.iteration
    WHERE execution_id = $1 AND step = $2 AND iteration_index = ANY ($3::int[]))
  ORDER BY n.ord`

/** Of a step's collection the elements that this run is for. Throws DomainError('collection_invalid') when none is left. */
export async function chooseElements(
  client: Queryable,
  only: OnlyElements | undefined,
  { step, collection }: { step: string; collection: AnalysedCollection },
): Promise<AnalysedCollection> {
  const wanted = only?.steps[step]
  if (only === undefined || wanted === undefined) return collection
  const { elements } = collection
  const values = [only.from, step, wanted, elements.map((element) => storable(maskSecretText(element)))]
  const { rows } = await client.query<{ place: number }>(SAME, values)
  if (rows.length === 0) {
    throw new DomainError(
      'collection_invalid',
      `None of the ${wanted.length} elements of execution ${only.from} that step "${step}" should try again is in its collection.`,
      { hint: 'Run the whole playbook again: its collection is another one now.' },
    )
  }
  return { ...collection, elements: rows.map(({ place }) => elements[place]) }
}
