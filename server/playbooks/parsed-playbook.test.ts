import { expect, it } from 'vitest'
import { parsedPlaybook } from './parsed-playbook'

const textOf = (name: string): string =>
  `apiVersion: noetl.io/v1\nkind: Playbook\nmetadata: {name: ${name}, path: t/${name}}\nworkflow: [{step: start}]\n`

it('parses a text once, and lets go of those that ran longest ago', () => {
  const first = parsedPlaybook(textOf('first'))
  expect(first.playbook?.path).toBe('t/first')
  for (let i = 0; i < 31; i++) parsedPlaybook(textOf(`p${i}`))
  expect(parsedPlaybook(textOf('first'))).toBe(first)
  for (let i = 0; i < 32; i++) parsedPlaybook(textOf(`q${i}`))
  expect(parsedPlaybook(textOf('first'))).not.toBe(first)
})
