import type { Block, Expression } from '../template/syntax'

/** What SQL does not look into: a text, an escaped text, a name, a body between dollars, comments; `end` closes it. */
type Closed = { end: string; escapes: boolean; nests: boolean }

/** What opens such a place, after whatever comes before it. */
const OPENING = /(?<![\w$])[eE]'|'|"|--|\/\*|(?<![\w$])\$(?:[A-Za-z_]\w*)?\$/g

/**
 * The `{{ }}` of a statement that stand where PostgreSQL knows no parameter: between quotes or dollars, or in a comment.
 * What is written there as $1 stays those two letters.
 */
export function unbindableOutputs(blocks: readonly Block[]): Expression[] {
  const found: Expression[] = []
  let closed: Closed | null = null
  for (const block of blocks) {
    if (block.kind === 'text') closed = stateAfter(block.text, closed)
    else if (block.kind === 'output' && closed !== null) found.push(block.value)
  }
  return found
}

function stateAfter(text: string, before: Closed | null): Closed | null {
  let closed = before
  let at = 0
  while (at < text.length) {
    if (closed === null) {
      OPENING.lastIndex = at
      const opening = OPENING.exec(text)
      if (opening === null) return null
      closed = openedBy(opening[0])
      at = OPENING.lastIndex
    } else {
      const end = endOf(text, at, closed)
      if (end === null) return closed
      closed = null
      at = end
    }
  }
  return closed
}

function openedBy(opening: string): Closed {
  if (opening === '--') return { end: '\n', escapes: false, nests: false }
  if (opening === '/*') return { end: '*/', escapes: false, nests: true }
  if (opening.endsWith("'")) return { end: "'", escapes: opening.length > 1, nests: false }
  return { end: opening, escapes: false, nests: false }
}

/** Where what is closed ends, or null when it goes on behind the text. A doubled quote opens the next text at once. */
function endOf(text: string, from: number, { end, escapes, nests }: Closed): number | null {
  let depth = 1
  for (let at = from; at < text.length; at++) {
    if (escapes && text[at] === '\\') at++
    else if (nests && text.startsWith('/*', at)) {
      depth++
      at++
    } else if (text.startsWith(end, at)) {
      depth--
      if (depth === 0) return at + end.length
      at += end.length - 1
    }
  }
  return null
}
