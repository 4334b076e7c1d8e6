import { writeFileSync } from 'node:fs'

import { detectAnswerSchema, type DetectAnswer } from '@/domain/api/playbook-test'
import { applyEdit } from '@/domain/playbook/text/text-patch'
import { callJson } from '../target/call-api'
import { readNamedFile } from './files'
import { parseWhole } from './parse-argument'

export type DetectOptions = { element: string; write?: boolean }

/** Prints how the API of a step pages, as YAML, with what speaks for it; `write` puts it into the file. The exit code is 1 when nothing was proved. */
export async function detect(server: string, file: string, step: string, options: DetectOptions): Promise<number> {
  const index = parseWhole(options.element, 'the index of an element')
  const content = readNamedFile(file)
  const answer = await callJson(detectAnswerSchema, {
    server,
    path: '/api/playbooks/detect',
    method: 'POST',
    of: file,
    body: { content, step, element_index: index },
  })
  for (const line of remarks(answer)) process.stderr.write(`${line}\n`)
  if (answer.yaml === null) return 1
  process.stdout.write(answer.yaml)
  if (options.write !== true) return 0
  if (answer.edit === null) {
    process.stderr.write(`Its place in ${file} could not be found; copy it into the step.\n`)
    return 1
  }
  writeFileSync(file, applyEdit(content, answer.edit))
  process.stderr.write(`Written into ${file}.\n`)
  return 0
}

function remarks({ evidence, refused, reason, hint }: DetectAnswer): string[] {
  const nothing = reason === null ? [] : [`Nothing to write: ${reason}.${hint === null ? '' : ` ${hint}`}`]
  return [
    ...evidence.map((line) => `✓ ${line}`),
    ...refused.map(({ choice, why }) => `✗ ${JSON.stringify(choice)}: ${why}`),
    ...nothing,
  ]
}
