import { createWriteStream } from 'node:fs'
import { rename, rm } from 'node:fs/promises'
import path from 'node:path'
import { pipeline } from 'node:stream/promises'

import { PlainError } from '../prepare/plain-error.mjs'
import { EXPORT_FORMATS, type ExportFormat } from '../target/run-target'

/** The format that a file's name asks for. Throws a PlainError for a name that asks for none. */
export function chooseFormat(file: string): ExportFormat {
  const extension = path.extname(file).slice(1).toLowerCase()
  const wanted = extension === 'jsonl' ? 'ndjson' : extension
  const format = EXPORT_FORMATS.find((candidate) => candidate === wanted)
  if (format !== undefined) return format
  throw new PlainError(
    `The name ${file} says no format.`,
    `Let it end in ${EXPORT_FORMATS.map((name) => `.${name}`).join(', ')}.`,
  )
}

/** Throws a PlainError for a format that a terminal can't show. */
export function refuseOnTerminal(format: ExportFormat, isTerminal: boolean): void {
  if (format !== 'parquet' || !isTerminal) return
  throw new PlainError('A terminal can not show Parquet.', 'Name a file to save it in with --out.')
}

/** Writes results to a file, which appears whole or not at all. */
export async function saveResults(bytes: AsyncIterable<Uint8Array>, file: string): Promise<void> {
  const part = `${file}.part`
  try {
    await pipeline(bytes, createWriteStream(part))
    await rename(part, file)
  } catch (error) {
    await rm(part, { force: true })
    throw error
  }
}
