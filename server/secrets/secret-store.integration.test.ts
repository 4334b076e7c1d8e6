import { expect, test } from 'vitest'
import { pool } from '../db/pool'
import { createTestDatabase } from '../db/testing/create-test-database'
import { setVariables } from '../env'
import { readSecrets } from './read-secrets'
import { deleteSecret, listSecrets, putSecret } from './secret-store'

await createTestDatabase()

test('a stored secret is encrypted in the table, listed without its value, read back, and gone when deleted', async () => {
  await putSecret('API_KEY', 'first value')
  expect(await putSecret('API_KEY', 'second value')).toMatchObject({ name: 'API_KEY', version: 2 })
  const { rows } = await pool().query<{ row: string }>(`SELECT s::text AS row FROM noetl.secret s`)
  expect(rows[0]?.row).not.toContain(Buffer.from('second value').toString('hex'))
  expect(JSON.stringify(await listSecrets())).not.toContain('value')
  expect(await readSecrets(['API_KEY'])).toEqual(new Map([['API_KEY', 'second value']]))
  expect(await deleteSecret('API_KEY')).toBe(true)
  expect(await deleteSecret('API_KEY')).toBe(false)
})

test('the environment wins over the store, and every missing name is told at once', async () => {
  await putSecret('TOKEN', 'stored')
  setVariables({ PAGETURNER_SECRET_TOKEN: 'of the environment' })
  expect((await readSecrets(['TOKEN'])).get('TOKEN')).toBe('of the environment')
  await expect(readSecrets(['TOKEN', 'NOWHERE', 'NOR_HERE'])).rejects.toMatchObject({
    code: 'missing_secret',
    message: 'There is no value for secret.NOWHERE, secret.NOR_HERE.',
  })
})

test('PAGINATED_API_URL points to the sample API unless it is set', async () => {
  expect((await readSecrets(['PAGINATED_API_URL'])).get('PAGINATED_API_URL')).toBe('http://localhost:5555')
})

test('a row copied to another name does not open', async () => {
  await putSecret('SOURCE', 'value')
  await pool().query(
    `INSERT INTO noetl.secret (name, version, key_id, iv, ciphertext)
     SELECT 'COPY', version, key_id, iv, ciphertext FROM noetl.secret WHERE name = 'SOURCE'`,
  )
  await expect(readSecrets(['COPY'])).rejects.toThrow('changed or moved')
})
