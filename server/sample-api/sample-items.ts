import type { JsonObject } from '@/domain/json'

export type Collection = 'assessments' | 'users' | 'events' | 'flaky'

const FIRST = [
  'Ada',
  'Alan',
  'Barbara',
  'Claude',
  'Donald',
  'Edsger',
  'Frances',
  'Grace',
  'Hedy',
  'Ida',
  'John',
  'Katherine',
  'Margaret',
]
const LAST = [
  'Allen',
  'Dijkstra',
  'Hamilton',
  'Hopper',
  'Johnson',
  'Knuth',
  'Lamarr',
  'Liskov',
  'Lovelace',
  'Rhodes',
  'Shannon',
  'Turing',
  'Zuse',
]
const PLACES = [
  { city: 'Berlin', country: 'DE' },
  { city: 'Chicago', country: 'US' },
  { city: 'Kyoto', country: 'JP' },
  { city: 'São Paulo', country: 'BR' },
  { city: 'Zürich', country: 'CH' },
]
const TAGS = ['new', 'priority', 'remote', 'archived', 'beta', 'paid', 'trial']
const ACTIONS = ['created', 'viewed', 'updated', 'exported', 'archived']
const FILLER = 'The quick brown fox jumps over the lazy dog. '
const BASE_TIME = Date.UTC(2025, 0, 1)
const HOURS_7 = 7 * 3_600_000

/** Item number `id` (from 1) as JSON text, the same each time; at least `itemBytes` long, filled up by a field `notes`. */
export function renderItem(collection: Collection, id: number, itemBytes: number): string {
  const text = JSON.stringify(makeItem(collection, id))
  const missing = itemBytes - Buffer.byteLength(text) - ',"notes":""'.length
  if (missing < 0) return text
  return `${text.slice(0, -1)},"notes":"${FILLER.repeat(Math.ceil(missing / FILLER.length)).slice(0, missing)}"}`
}

function makeItem(collection: Collection, id: number): JsonObject {
  const name = `${pick(FIRST, id)} ${pick(LAST, Math.floor(id / FIRST.length) + id)}`
  const email = `${name.toLowerCase().replace(' ', '.')}.${id}@example.com`
  const created_at = new Date(BASE_TIME + id * HOURS_7).toISOString()
  const score = 50 + ((id * 37) % 500) / 10
  const tags = [pick(TAGS, id), pick(TAGS, id + 3)]
  switch (collection) {
    case 'assessments':
    case 'flaky':
      return {
        id,
        name: `Assessment ${id}`,
        email,
        created_at,
        score,
        passed: score >= 70,
        assessor: { name, place: pick(PLACES, id) },
        tags,
      }
    case 'users':
      return {
        id,
        name,
        username: `user${id}`,
        email,
        created_at,
        score,
        active: id % 4 !== 0,
        address: pick(PLACES, id),
        tags,
      }
    case 'events':
      return {
        id,
        name: `${pick(ACTIONS, id)} report ${id}`,
        type: 'user_action',
        email,
        created_at,
        score,
        data: { action: pick(ACTIONS, id), actor: name },
        tags,
      }
  }
}

/** The list is never empty, so an entry is always found. */
const pick = <T>(list: readonly T[], index: number): T => list[index % list.length] ?? fail()

const fail = (): never => {
  throw new Error('an empty list of sample values')
}
