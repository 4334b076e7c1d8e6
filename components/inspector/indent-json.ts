const TOKEN = /"(?:\\.|[^"\\])*"?|[{}[\],:]|[^\s"{}[\],:]+/g

/** Sets JSON text out over lines without reading its numbers, so that 64-bit integers stay as they came. */
export function indentJson(text: string): string {
  if (!/^\s*[[{]/.test(text)) return text
  const tokens = text.match(TOKEN) ?? []
  const out: string[] = []
  let depth = 0
  for (const [at, token] of tokens.entries()) {
    const isEmptied = (token === '}' || token === ']') && isOpening(tokens[at - 1])
    if (token === '}' || token === ']') depth -= 1
    if ((token === '}' || token === ']') && !isEmptied) out.push(newLine(depth))
    out.push(token)
    if (token === ':') out.push(' ')
    if (isOpening(token)) depth += 1
    if (token === ',' || (isOpening(token) && !isClosing(tokens[at + 1]))) out.push(newLine(depth))
  }
  return out.join('')
}

const isOpening = (token: string | undefined): boolean => token === '{' || token === '['
const isClosing = (token: string | undefined): boolean => token === '}' || token === ']'
const newLine = (depth: number): string => `\n${'  '.repeat(Math.max(0, depth))}`
