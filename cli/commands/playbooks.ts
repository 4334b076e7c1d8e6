import { writeFileSync } from 'node:fs'

import { playbookAnswerSchema, playbookListSchema, registerAnswerSchema } from '@/domain/api/playbooks'
import { callJson } from '../target/call-api'
import { listAll } from '../target/list-all'
import { makeFolderOf, readNamedFile, refuseUnwritable } from './files'

/** Registers each file's playbook as the next version of its path. */
export async function push(server: string, files: readonly string[]): Promise<void> {
  for (const file of files) {
    const yaml = readNamedFile(file)
    const call = { server, path: '/api/playbooks', method: 'POST', yaml, of: file } as const
    const answer = await callJson(registerAnswerSchema, call)
    process.stdout.write(`${answer.path} version ${answer.version}${answer.created ? '' : ' (unchanged)'}\n`)
  }
}

/** Writes a registered playbook's text to a file, or to standard output. */
export async function pull(
  server: string,
  playbook: string,
  options: { playbookVersion?: number; out?: string },
): Promise<void> {
  const query = options.playbookVersion === undefined ? '' : `?version=${options.playbookVersion}`
  const { content } = await callJson(playbookAnswerSchema, { server, path: `/api/playbooks/${playbook}${query}` })
  if (options.out === undefined) {
    process.stdout.write(content)
    return
  }
  makeFolderOf(options.out)
  refuseUnwritable(options.out)
  writeFileSync(options.out, content)
  process.stderr.write(`Saved in ${options.out}\n`)
}

/** Prints the path and newest version of every registered playbook. */
export async function list(server: string): Promise<void> {
  for await (const { path, version, description } of listAll(playbookListSchema, { server, path: '/api/playbooks' })) {
    process.stdout.write(`${path}  version ${version}${description === null ? '' : `  ${description}`}
`)
  }
}
