import { z } from 'zod'
import { expression, jsonObject, list, text } from './schema/scalars'
import { stepSchema } from './schema/step-schema'
import { strictKeys } from './schema/strict-keys'

/** Segments of letters, digits, dot, underscore and dash; no segment of dots only. */
export const isPlaybookPath = (path: string): boolean =>
  path.length <= 300 && path.split('/').every((part) => /^[A-Za-z0-9._-]+$/.test(part) && !/^\.+$/.test(part))

const playbookPath = z.string({ error: 'a path' }).refine(isPlaybookPath, {
  error: 'a path of letters, digits, . _ and -, with / between, such as pagination/basic',
})

/** The whole language, as it is written: parser, editor, form and reference page come from this one definition. */
export const playbookSchema = strictKeys('a playbook', {
  apiVersion: z.literal('noetl.io/v1', { error: 'noetl.io/v1' }).describe('The version of the language: noetl.io/v1.'),
  kind: z.literal('Playbook', { error: 'Playbook' }).describe('Always Playbook.'),
  metadata: strictKeys('metadata', {
    name: text.describe('A short name.'),
    path: playbookPath.optional().describe('The path it is registered under. Default: its name.'),
    description: z.string({ error: 'a text' }).optional().describe('What it is for.'),
  }).describe('What the playbook is called.'),
  workload: jsonObject.optional().describe('Inputs; a run may override any key.'),
  workflow: list(stepSchema)
    .min(1, { error: 'a list with at least one step' })
    .describe('The steps; it begins at start.'),
  expect: list(
    strictKeys('an expectation', {
      name: text.describe('What is expected.'),
      that: expression.describe('What must hold at the end.'),
    }),
  )
    .optional()
    .describe('Checked when the workflow ends.'),
}).describe('One playbook.')

export type PlaybookSource = z.infer<typeof playbookSchema>
