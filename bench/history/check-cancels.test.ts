import { expect, test } from 'vitest'
import { checkCancels, type EndedRun } from './check-cancels'

const run = (id: string, status: string, parentId: string | null = null): EndedRun => ({ id, status, parentId })
const of = (sent: string[], accepted = sent) => ({ sent: new Set(sent), accepted: new Set(accepted) })

test('what was cancelled, with everything that ran for it, breaks no promise', () => {
  const runs = [run('1', 'COMPLETED'), run('2', 'CANCELLED'), run('3', 'CANCELLED', '2'), run('4', 'CANCELLED', '3')]
  expect(checkCancels(runs, of(['2']))).toEqual([])
})

test('a cancel that was not answered may have been one or none', () => {
  expect(checkCancels([run('1', 'CANCELLED'), run('2', 'COMPLETED')], of(['1', '2'], []))).toEqual([])
})

test('a run that is cancelled although nobody asked for it is found', () => {
  const runs = [run('1', 'FAILED'), run('2', 'CANCELLED', '1'), run('3', 'CANCELLED')]
  expect(checkCancels(runs, of(['2']))).toEqual(['execution 3: is CANCELLED, and nobody cancelled it'])
  // Who cancels a child does not cancel its parent.
  expect(checkCancels([run('1', 'CANCELLED'), run('2', 'CANCELLED', '1')], of(['2']))).toEqual([
    'execution 1: is CANCELLED, and nobody cancelled it',
  ])
})

test('a cancel that was accepted and did nothing is found', () => {
  expect(checkCancels([run('1', 'COMPLETED')], of(['1', '9']))).toEqual([
    'execution 1: a cancel was accepted, but it is COMPLETED',
    'execution 9: a cancel was accepted, but it is not on record',
  ])
})
