import { parsePlaybook } from '@/domain/playbook/parse-playbook'

type Parsed = ReturnType<typeof parsePlaybook>

const KEPT = 32
/** A longer text is rare, and would be held in memory for as long as the process lives. */
const LONGEST = 256 * 1024

const kept = new Map<string, Parsed>()

/** As `parsePlaybook`; of the texts that ran last the result is kept, since the same playbook runs again and again. */
export function parsedPlaybook(content: string): Parsed {
  const known = kept.get(content)
  if (known !== undefined) {
    kept.delete(content)
    kept.set(content, known)
    return known
  }
  const parsed = parsePlaybook(content)
  if (content.length > LONGEST) return parsed
  if (kept.size >= KEPT) kept.delete(kept.keys().next().value ?? '')
  kept.set(content, parsed)
  return parsed
}
