import { afterAll } from 'vitest'
import { setVariables } from '@/server/env'

/** Unit tests share processes with the files before and after them: what a file sets is taken back at its end. */
const before = { ...process.env }

afterAll(() => {
  for (const name of Object.keys(process.env)) if (!(name in before)) delete process.env[name]
  setVariables(Object.fromEntries(Object.entries(before).map(([name, value]) => [name, value ?? ''])))
})
