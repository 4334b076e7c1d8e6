import { accessSync, constants, mkdirSync, readFileSync, statSync, type Stats } from 'node:fs'
import path from 'node:path'

import { PlainError } from '../prepare/plain-error.mjs'

/** The text of a file that the person named. Throws a PlainError where there is none to read. */
export function readNamedFile(file: string): string {
  const found = statOf(file)
  if (found === null) throw new PlainError(`There is no file ${file}.`)
  if (found.isDirectory()) {
    throw new PlainError(`${file} is a folder.`, `Name the files in it, such as ${path.join(file, '*.yaml')}`)
  }
  try {
    return readFileSync(file, 'utf8')
  } catch (cause) {
    throw new PlainError(`${file} can't be read: ${cause instanceof Error ? cause.message : String(cause)}`)
  }
}

/** True for what is there and no folder, which may be named as a registered playbook is, and for what is called as files are. */
export function meansFile(text: string): boolean {
  const found = statOf(text)
  return found === null ? /\.ya?ml$/.test(text) : !found.isDirectory()
}

/** Throws a PlainError for a file that could not be saved: its folder is missing or not writable, or it is a folder itself. */
export function refuseUnwritable(file: string): void {
  if (statOf(file)?.isDirectory() === true) throw new PlainError(`${file} is a folder.`, 'Name a file in it.')
  const folder = path.dirname(file)
  const found = statOf(folder)
  if (found === null) throw new PlainError(`There is no folder ${folder} to save ${path.basename(file)} in.`)
  if (!found.isDirectory()) throw new PlainError(`${folder} is no folder, so ${file} can't be saved.`)
  try {
    accessSync(folder, constants.W_OK)
  } catch {
    throw new PlainError(`This user may not write to the folder ${folder}.`)
  }
}

/** Makes the folder of a file where it is missing. Throws a PlainError where that is not to be done. */
export function makeFolderOf(file: string): void {
  const folder = path.dirname(path.resolve(file))
  try {
    mkdirSync(folder, { recursive: true })
  } catch (cause) {
    throw new PlainError(
      `The folder ${folder} can't be made: ${cause instanceof Error ? cause.message : String(cause)}`,
    )
  }
}

function statOf(file: string): Stats | null {
  try {
    return statSync(file, { throwIfNoEntry: false }) ?? null
  } catch (cause) {
    // A part of the path is a file.
    if (cause instanceof Error && 'code' in cause && cause.code === 'ENOTDIR') return null
    throw cause
  }
}
