import { z } from 'zod'

const draftSchema = z.object({ text: z.string(), at: z.number(), baseVersion: z.number().nullable() })
export type Draft = z.infer<typeof draftSchema>

const keyOf = (path: string | null): string => `pageturner.draft:${path ?? 'new'}`

/** The unsaved text of a playbook that this browser keeps; null when there is none. */
export function readDraft(path: string | null): Draft | null {
  const stored = localStorage.getItem(keyOf(path))
  if (stored === null) return null
  try {
    return draftSchema.parse(JSON.parse(stored))
  } catch {
    return null
  }
}

export const keepDraft = (path: string | null, draft: Draft): void =>
  localStorage.setItem(keyOf(path), JSON.stringify(draft))

export const dropDraft = (path: string | null): void => localStorage.removeItem(keyOf(path))
