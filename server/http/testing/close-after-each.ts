import { afterEach } from 'vitest'

/** Closes after each test what was opened in it and given to this, the last first. Call it at the top of a test file. */
export function closeAfterEach(): <T extends { close(): Promise<void> }>(thing: T) => T {
  const opened: { close(): Promise<void> }[] = []
  afterEach(async () => {
    for (const thing of opened.splice(0).toReversed()) await thing.close()
  })
  return (thing) => {
    opened.push(thing)
    return thing
  }
}
