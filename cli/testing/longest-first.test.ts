import { existsSync } from 'node:fs'
import path from 'node:path'
import { expect, it } from 'vitest'
import { ROOT } from '../prepare/root.mjs'
import { LONGEST } from './longest-first'

it('names files that are there: one that was renamed would begin last again', () => {
  expect(LONGEST.filter((file) => !existsSync(path.join(ROOT, file)))).toEqual([])
})
