import { describe, expect, it } from 'vitest'
import { foreignTroubleOf, storageTroubleOf } from './storage-trouble'

describe('the trouble of a database that answers but saves nothing', () => {
  it.each([
    ['53100', "The database's disk is full, so nothing can be saved.", 'Free space'],
    ['25006', 'The database is read-only, so nothing can be saved.', 'default_transaction_read_only'],
    ['53200', 'The database is out of memory, so nothing can be saved.', 'WORKER_CONCURRENCY'],
  ])('is said of SQLSTATE %s, with what to do', (sqlstate, says, remedy) => {
    const trouble = storageTroubleOf(sqlstate)
    expect(trouble?.message).toContain(says)
    expect(trouble?.message).toContain('go on by themselves')
    expect(trouble?.hint).toContain(remedy)
  })

  it('is not read into anything else', () => {
    expect([null, '40001', '57P03', '08006', '23505'].map(storageTroubleOf)).toEqual([null, null, null, null, null])
    expect(foreignTroubleOf('crm', { sqlstate: '23505', said: 'duplicate key' })).toBeNull()
    expect(foreignTroubleOf('crm', { sqlstate: '53300', said: 'too many clients' })).toBeNull()
  })

  it('names the database that a playbook writes to, and how its run goes on', () => {
    const said = 'could not extend file "base/5/16384": No space left on device'
    expect(foreignTroubleOf('crm', { sqlstate: '53100', said })).toEqual({
      message: `The database crm's disk is full, so it took nothing: ${said} (SQLSTATE 53100).`,
      hint: expect.stringContaining('retry the run'),
    })
  })
})
