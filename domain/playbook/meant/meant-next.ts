import { dataMember, isDataObject, ownKeys, type DataObject } from '../template/values'
import { pointerTo } from '../text/json-pointer'
import { hintForValue } from '../text/noetl-words'
import { move, moved, type Rewrite } from './rewrite'

const MOST_SHOWN = 3
const ARCS =
  'Write the list of `arcs` as `next` itself: every entry whose `when` holds is taken, so only one of them may where `mode: exclusive` is meant.'

/** `next` as a list of entries that each name one step: of a text, of `arcs`, of `when` with `then`, and of `else` with steps. */
export function meantNext(next: unknown, pointer: string, rewrite: Rewrite): unknown {
  if (Array.isArray(next)) return meantEntries(next, pointer, rewrite)
  const refuse = (not: string, hint: string): void =>
    rewrite.report.value({ code: 'wrong_type', message: `\`next\` must be a list, not ${not}`, hint }, pointer)
  if (typeof next === 'string') {
    refuse(`the text \`${next.slice(0, 40)}\``, hintForValue(['next'], next) ?? '')
    move(rewrite, pointerTo(pointer, 0), pointer)
    move(rewrite, pointerTo(pointerTo(pointer, 0), 'step'), pointer)
    return [{ step: next }]
  }
  const arcs = dataMember(next, 'arcs')
  if (Array.isArray(arcs)) {
    refuse('an object', ARCS)
    move(rewrite, pointer, pointerTo(pointer, 'arcs'))
    return meantEntries(arcs, pointer, rewrite)
  }
  if (typeof dataMember(next, 'step') !== 'string') return next
  refuse('an object', 'Write it as an entry: `next: [{ step }]`.')
  move(rewrite, pointerTo(pointer, 0), pointer)
  return [next]
}

/** An entry, and for places in it (pointers from the entry on) where they are written. */
type Entry = { value: unknown; written: readonly (readonly [inside: string, pointer: string])[] }

function meantEntries(next: readonly unknown[], pointer: string, rewrite: Rewrite): readonly unknown[] {
  const groups = next.map((entry, index) => meantEntry(entry, pointerTo(pointer, index), rewrite))
  if (groups.every((group) => group === null)) return next
  const entries = groups.flatMap(
    (group, index): Entry[] => group ?? [{ value: next[index], written: [['', pointerTo(pointer, index)]] }],
  )
  // All before the first is set: where one entry goes, another may come from.
  const moves = entries.flatMap(({ written }, index) =>
    written.map(([inside, from]) => [pointerTo(pointer, index) + inside, moved(rewrite.moves, from)] as const),
  )
  for (const [to, from] of moves) rewrite.moves.set(to, from)
  return entries.map(({ value }) => value)
}

/** The entries that one stands for, and says so; null where it stands for itself. */
function meantEntry(entry: unknown, pointer: string, { report }: Rewrite): Entry[] | null {
  if (typeof entry === 'string') {
    const hint = hintForValue(['next', 0], entry) ?? ''
    const message = `an entry of next must be an object with \`step\`, not the text \`${entry.slice(0, 40)}\``
    report.value({ code: 'wrong_type', message, hint }, pointer)
    return [
      {
        value: { step: entry },
        written: [
          ['', pointer],
          ['/step', pointer],
        ],
      },
    ]
  }
  if (!isDataObject(entry) || dataMember(entry, 'step') !== undefined) return null
  const isElse = entry['when'] === undefined && entry['then'] === undefined && entry['else'] !== undefined
  const key = isElse ? 'else' : 'then'
  const steps = stepsOf(entry[key], pointerTo(pointer, key))
  if (steps.length === 0) return null
  const condition = ownKeys(conditionOf(entry, isElse)).map((each) => (each === 'else' ? ', else: true' : ', when: …'))
  const shown = steps.slice(0, MOST_SHOWN).map(({ name }) => `{ step: ${name}${condition.join('')} }`)
  report.key(
    {
      code: 'wrong_type',
      message: `an entry of next names one step: \`${key}\` is no list of steps`,
      hint: `Write \`${shown.join(', ')}\`${steps.length > MOST_SHOWN ? ' and so on' : ''} in the list of \`next\`.`,
    },
    pointerTo(pointer, key),
  )
  return steps.map(({ value, at }, index) => ({
    value: { ...(index === 0 ? besides(entry, key) : {}), ...value, ...conditionOf(entry, isElse) },
    written: [
      ['', at],
      ...(index === 0 ? ownKeys(entry) : ['when']).map((each) => [`/${each}`, pointerTo(pointer, each)] as const),
      ...ownKeys(value).map((each) => [`/${each}`, pointerTo(at, each)] as const),
    ],
  }))
}

const conditionOf = (entry: DataObject, isElse: boolean): DataObject => {
  if (isElse) return { else: true }
  return entry['when'] === undefined ? {} : { when: entry['when'] }
}

/** What else an entry holds: keys that no entry has, which are told where those are. */
const besides = (entry: DataObject, key: string): DataObject =>
  Object.fromEntries(ownKeys(entry).flatMap((each) => (each === key || each === 'when' ? [] : [[each, entry[each]]])))

function stepsOf(value: unknown, pointer: string): { name: string; value: DataObject; at: string }[] {
  const items: unknown[] = Array.isArray(value) ? value : [value]
  return items.flatMap((item, index) => {
    const at = Array.isArray(value) ? pointerTo(pointer, index) : pointer
    const name = typeof item === 'string' ? item : dataMember(item, 'step')
    if (typeof name !== 'string') return []
    return [{ name: name.slice(0, 40), value: isDataObject(item) ? item : { step: item }, at }]
  })
}
