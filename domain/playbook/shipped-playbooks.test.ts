import { readdirSync, readFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { parsePlaybook } from './parse-playbook'

const ROOT = fileURLToPath(new URL('../../playbooks', import.meta.url))
const FILES = readdirSync(ROOT, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.yaml'))

describe('the shipped playbooks', () => {
  it('are all there', () => {
    expect(FILES.toSorted()).toEqual([
      'pagination/basic.yaml',
      'pagination/cursor.yaml',
      'pagination/max_iterations.yaml',
      'pagination/offset.yaml',
      'pagination/retry.yaml',
      'tests/pagination/loop_with_pagination/loop_with_pagination.yaml',
    ])
  })

  it.each(FILES)('%s has nothing to complain about and lies under its own path', (name) => {
    const { playbook, diagnostics } = parsePlaybook(readFileSync(join(ROOT, name), 'utf8'))
    expect(diagnostics).toEqual([])
    expect(`${playbook?.path}.yaml`).toBe(relative(ROOT, join(ROOT, name)))
  })
})
