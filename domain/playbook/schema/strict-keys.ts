import { z } from 'zod'

/** An object of the language that refuses keys it doesn't have; `words` name it in messages ("a loop"). */
export function strictKeys<Shape extends z.core.$ZodLooseShape>(words: string, shape: Shape) {
  const known = Object.keys(shape)
  return z.strictObject(shape, {
    error: (issue) => (issue.code === 'unrecognized_keys' ? writeKnownKeys({ words, known }) : words),
  })
}

type KnownKeys = { words: string; known: string[] }

/** zod's issue names the unknown key but not the known ones, so they travel in its message. */
const writeKnownKeys = (keys: KnownKeys): string => JSON.stringify(keys)

const knownKeysSchema = z.object({ words: z.string(), known: z.array(z.string()) })

/** What `strictKeys` put into the message of an `unrecognized_keys` issue. */
export const readKnownKeys = (message: string): KnownKeys => knownKeysSchema.parse(JSON.parse(message))
