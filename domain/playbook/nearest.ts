const MOST_CANDIDATES = 500

/** The candidate with the fewest typing mistakes between, if it is near enough to be meant; letter case counts little. */
export function nearest(word: string, candidates: readonly string[]): string | null {
  if (word.length > 60) return null
  const short = plain(word)
  let best: { candidate: string; distance: number } | null = null
  // Of thousands of names the first will do: each is compared letter by letter.
  for (const candidate of candidates.slice(0, MOST_CANDIDATES)) {
    const allowed = Math.max(1, Math.floor(Math.max(word.length, candidate.length) / 3))
    const other = plain(candidate)
    if (Math.abs(short.length - other.length) > allowed) continue
    const distance = editDistance(short, other)
    if (distance <= allowed && (best === null || distance < best.distance)) best = { candidate, distance }
  }
  return best?.candidate ?? null
}

/** "Did you mean x?", or null when nothing is near. */
export function didYouMean(word: string, candidates: readonly string[]): string | null {
  const found = nearest(word, candidates)
  return found === null ? null : `Did you mean \`${found}\`?`
}

const plain = (word: string): string => word.toLowerCase().replaceAll(/[-_ ]/g, '')

/** Damerau–Levenshtein with adjacent swaps: `whlie` is one mistake away from `while`. */
function editDistance(left: string, right: string): number {
  let beforePrevious: number[] = []
  let previous = Array.from({ length: right.length + 1 }, (_unused, index) => index)
  for (let row = 1; row <= left.length; row += 1) {
    const current = [row]
    for (let column = 1; column <= right.length; column += 1) {
      const same = left[row - 1] === right[column - 1]
      const swapped = left[row - 1] === right[column - 2] && left[row - 2] === right[column - 1]
      const change = (previous[column - 1] ?? 0) + (same ? 0 : 1)
      const swap = swapped ? (beforePrevious[column - 2] ?? Infinity) + 1 : Infinity
      current.push(Math.min(change, (previous[column] ?? 0) + 1, (current[column - 1] ?? 0) + 1, swap))
    }
    beforePrevious = previous
    previous = current
  }
  return previous[right.length] ?? 0
}
