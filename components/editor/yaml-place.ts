/** Where in a YAML text a cursor stands, found by indentation alone, so that it works while the text is broken. */
export type YamlPlace = {
  /** Keys from the root to the mapping at the cursor; "*" is an item of a list. */
  path: string[]
  /** Whether a key is being written there, or the value of `key`. */
  at: { kind: 'key'; siblings: string[]; written: Record<string, string> } | { kind: 'value'; key: string }
  /** The part of the word before the cursor and where it starts. */
  word: string
  from: number
}

type Pair = { key: string; value: string | null }

type Line = { column: number; dashes: number[]; key: string | null; value: string | null; isEmpty: boolean }

/** The place of an offset; null inside a comment. */
export function yamlPlace(text: string, offset: number): YamlPlace | null {
  const lines = text.slice(0, offset).split('\n')
  const current = lines.at(-1) ?? ''
  if (/(^|\s)#/.test(current)) return null
  const here = readLine(current)
  const { path, siblings } = climb(lines.slice(0, -1).map(readLine), here)
  const rest = current.slice(here.column)
  const flow = /[{,]\s*([\w-]+):\s*([\w./-]*)$/.exec(rest)
  if (flow !== null) return value([...path, ...flowHead(rest)], flow[1] ?? '', flow[2] ?? '', offset)
  const flowKey = /[{,]\s*([\w-]*)$/.exec(rest)
  if (flowKey !== null) return key([...path, ...flowHead(rest)], [], flowKey[1] ?? '', offset)
  const pair = /^([\w-]+):\s+(.*)$/.exec(rest)
  if (pair !== null) return value(path, pair[1] ?? '', /[\w./-]*$/.exec(pair[2] ?? '')?.[0] ?? '', offset)
  if (!/^[\w-]*$/.test(rest)) return null
  return key(
    path,
    [...siblings, ...below(text.slice(offset).split('\n').slice(1).map(readLine), here.column)],
    rest,
    offset,
  )
}

const key = (path: string[], beside: readonly Pair[], word: string, offset: number): YamlPlace => ({
  path,
  at: {
    kind: 'key',
    siblings: beside.map(({ key: name }) => name),
    written: Object.fromEntries(
      beside.flatMap(({ key: name, value: scalar }) => (scalar === null ? [] : [[name, scalar]])),
    ),
  },
  word,
  from: offset - word.length,
})

const value = (path: string[], name: string, word: string, offset: number): YamlPlace => ({
  path,
  at: { kind: 'value', key: name },
  word,
  from: offset - word.length,
})

/** `next: [{ ` stands under `next`, in an item of its list. */
function flowHead(rest: string): string[] {
  const head = /^([\w-]+):\s*(\[?)/.exec(rest)
  if (head === null) return []
  return head[2] === '[' ? [head[1] ?? '', '*'] : [head[1] ?? '']
}

function readLine(line: string): Line {
  const [, indent = '', marks = '', rest = ''] = /^(\s*)((?:-\s+)*(?:-$)?)(.*)$/.exec(line) ?? []
  const dashes = [...marks.matchAll(/-/g)].map(({ index }) => indent.length + index)
  const pair = /^(?:"([^"]+)"|'([^']+)'|([\w.-]+)):(?:\s+(\S.*))?\s*$/.exec(rest)
  return {
    column: indent.length + marks.length,
    dashes,
    key: pair?.[1] ?? pair?.[2] ?? pair?.[3] ?? null,
    isEmpty: line.trim() === '' || line.trimStart().startsWith('#'),
    value: pair?.[4] === undefined || pair[4].startsWith('#') ? null : pair[4].replace(/\s+#.*$/, '').trim(),
  }
}

/** Goes up from a line to the root; collects the keys on the way and the keys beside the line. */
function climb(above: readonly Line[], here: Line): { path: string[]; siblings: Pair[] } {
  const path: string[] = []
  const siblings: Pair[] = []
  let { column } = here
  let isInList = false
  let isBeside = true
  const enterList = (dashes: readonly number[]) => {
    for (const _ of dashes) path.unshift('*')
    column = dashes[0] ?? column
    isInList = true
    isBeside = false
  }
  if (here.dashes.length > 0) enterList(here.dashes)
  for (const line of above.toReversed()) {
    if (line.isEmpty) continue
    if (!isInList && line.column === column) {
      if (isBeside && line.key !== null) siblings.push({ key: line.key, value: line.value })
      if (line.dashes.length > 0) enterList(line.dashes)
      continue
    }
    const isParent =
      line.key !== null && line.value === null && (line.column < column || (isInList && line.column === column))
    if (!isParent || line.key === null) continue
    path.unshift(line.key)
    column = line.column
    isInList = false
    isBeside = false
    if (line.dashes.length > 0) enterList(line.dashes)
  }
  return { path, siblings }
}

/** The keys of the same mapping after the cursor. */
function below(after: readonly Line[], column: number): Pair[] {
  const end = after.findIndex((line) => !line.isEmpty && (line.column < column || line.dashes.length > 0))
  return after
    .slice(0, end === -1 ? undefined : end)
    .flatMap((line) => (line.column === column && line.key !== null ? [{ key: line.key, value: line.value }] : []))
}
