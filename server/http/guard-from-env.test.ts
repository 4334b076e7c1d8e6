import { afterEach, describe, expect, it, vi } from 'vitest'
import { resetEnv } from '@/server/env'
import { guardFromEnv } from './guard-from-env'

afterEach(() => {
  vi.unstubAllEnvs()
  resetEnv()
})

const guardWith = (variables: Record<string, string>) => {
  for (const [name, value] of Object.entries(variables)) vi.stubEnv(name, value)
  resetEnv()
  return guardFromEnv()
}

describe('the guard of this installation', () => {
  it('lets the sample API in without being told, and nothing else of this machine', async () => {
    const guard = guardWith({ PAGETURNER_SAMPLE_PORT: '5591', PAGETURNER_ALLOW_HOSTS: '' })
    for (const host of ['localhost', '127.0.0.1', '::1']) expect(await guard.resolve(host, 5591)).not.toEqual([])
    await expect(guard.resolve('localhost', 5592)).rejects.toThrow('add localhost:5592 to PAGETURNER_ALLOW_HOSTS')
  })

  it('keeps database, queue and web server closed whatever the setting says', async () => {
    const guard = guardWith({
      PAGETURNER_ALLOW_HOSTS: 'localhost:*, 127.0.0.1:*,[::1]:*',
      PAGETURNER_PORT: '8421',
      DATABASE_URL: 'postgresql://me:pw@localhost:54329/db',
      REDIS_URL: 'redis://127.0.0.1',
    })
    expect(await guard.resolve('127.0.0.1', 9_000)).toEqual(['127.0.0.1'])
    await expect(guard.resolve('127.0.0.1', 54_329)).rejects.toThrow("Pageturner's own database")
    await expect(guard.resolve('localhost', 6_379)).rejects.toThrow("Pageturner's own queue")
    await expect(guard.resolve('::1', 8_421)).rejects.toThrow("Pageturner's own web server")
  })

  it('does not start with an entry it can not read', () => {
    expect(() => guardWith({ PAGETURNER_ALLOW_HOSTS: 'api.internal' })).toThrow('can\'t read "api.internal"')
  })
})
