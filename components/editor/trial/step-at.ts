/** The step whose text a place lies in, if it is one of these; else the first of them. Null when there are none. */
export function stepAt(text: string, at: number, steps: readonly string[]): string | null {
  const lineEnd = text.indexOf('\n', at)
  const before = text.slice(0, lineEnd === -1 ? text.length : lineEnd)
  const named = [...before.matchAll(/^\s*-\s+(?:\{\s*)?step:\s*["']?([^"',}#\n]+)/gm)].at(-1)?.[1]?.trim()
  return steps.find((step) => step === named) ?? steps[0] ?? null
}
