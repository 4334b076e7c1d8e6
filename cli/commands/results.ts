import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'

import { httpTarget } from '../target/http-target'
import type { ExportFormat } from '../target/run-target'
import { refuseUnwritable } from './files'
import { chooseFormat, refuseOnTerminal, saveResults } from './save-results'

/** Saves an execution's items, or writes them to standard output. */
export async function results(
  server: string,
  id: string,
  options: { format?: ExportFormat; out?: string },
): Promise<void> {
  const format = options.format ?? (options.out === undefined ? 'ndjson' : chooseFormat(options.out))
  if (options.out !== undefined) refuseUnwritable(options.out)
  else refuseOnTerminal(format, process.stdout.isTTY === true)
  const bytes = await httpTarget(server, () => undefined).results(id, format)
  if (options.out !== undefined) {
    await saveResults(bytes, options.out)
    process.stderr.write(`Saved in ${options.out}\n`)
    return
  }
  await pipeline(Readable.from(bytes), process.stdout, { end: false })
}
