import { expect, test } from 'vitest'
import { parseEnv } from './env'

test('an empty environment gives the defaults', () => {
  expect(parseEnv({})).not.toHaveProperty('DATABASE_URL', expect.anything())
  expect(parseEnv({})).toMatchObject({
    PAGETURNER_HOST: '127.0.0.1',
    PAGETURNER_SAMPLE_PORT: 5555,
    PAGETURNER_ALLOW_HOSTS: [],
    NOETL_ENV: 'localhost',
  })
})

test('a variable set to nothing counts as unset', () => {
  expect(parseEnv({ DATABASE_URL: '', PAGETURNER_PORT: '', PAGETURNER_SECRET_API: '' })).toEqual(parseEnv({}))
})

test('every bad value is named with what is expected', () => {
  const bad = { DATABASE_URL: 'mysql://x', PAGETURNER_PORT: '99999', NOETL_ENV: 'moon' }
  expect(() => parseEnv(bad)).toThrow(
    /DATABASE_URL: expected postgresql:.*PAGETURNER_PORT: .*65535.*NOETL_ENV: .*localhost/,
  )
})

test('secrets are found by their prefix, the key of their store is not one of them', () => {
  const { SECRETS } = parseEnv({ PAGETURNER_SECRET_API: 'v', PAGETURNER_SECRET_KEY: 'sixteen characters' })
  expect([...SECRETS]).toEqual([['API', 'v']])
})

test('templates see only the variables that are named for them', () => {
  const { TEMPLATE_ENV } = parseEnv({ PAGETURNER_TEMPLATE_ENV: 'REGION, STAGE', REGION: 'eu', HOME: '/root' })
  expect(TEMPLATE_ENV).toEqual({ REGION: 'eu', STAGE: '' })
})

test('a cluster is told from its own variable', () => {
  expect(parseEnv({ KUBERNETES_SERVICE_HOST: '10.0.0.1' }).NOETL_ENV).toBe('kubernetes')
})

test('a fault is refused outside of tests', () => {
  expect(() => parseEnv({ FAULT: 'kill@settled' })).toThrow(/FAULT.*only for tests/)
  expect(parseEnv({ FAULT: 'kill@settled', NODE_ENV: 'test' }).FAULT).toBe('kill@settled')
})
