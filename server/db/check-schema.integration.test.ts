import { expect, inject, test } from 'vitest'
import { checkSchema } from './check-schema'
import { readSchema } from './schema-engine'

const url = inject('templateDatabaseUrl')

test('the migrations give exactly the data model', async () => {
  expect(await checkSchema(url)).toEqual([])
})

test('a column that no migration makes is found', async () => {
  const { files } = await readSchema()
  const changed = files.map((file) => ({
    ...file,
    content: file.content.replace('pid       Int', 'pid Int\n  planted String?'),
  }))
  expect(await checkSchema(url, { files: changed })).toEqual(['only in schema.prisma: column worker.planted text'])
})

test('an index that the data model no longer has is found', async () => {
  const { files } = await readSchema()
  const changed = files.map((file) => ({ ...file, content: file.content.replace('@@index([workerId])', '') }))
  expect(await checkSchema(url, { files: changed })).toEqual([
    expect.stringContaining('only in the migrations: index CREATE INDEX iteration_worker_id_idx'),
  ])
})
