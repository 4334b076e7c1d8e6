import { expect, test } from 'vitest'
import { checkChildren } from './check-children'
import type { ChildFacts } from './history'

const child = (index: number, change: Partial<ChildFacts> = {}): ChildFacts => ({
  executionId: `1${index}`,
  step: 'each',
  index,
  status: 'COMPLETED',
  endedAt: new Date(5),
  ...change,
})

const PARENT = { status: 'COMPLETED', endedAt: new Date(9), children: [child(0), child(1)] }
const EXPECTED = { each: 2 }

test('a parent whose children completed before it breaks no promise', () => {
  expect(checkChildren(PARENT, EXPECTED)).toEqual([])
})

test('a parent that failed with a child of its own, or was cancelled with it, breaks no promise', () => {
  const failed = { ...PARENT, status: 'FAILED', children: [child(0), child(1, { status: 'CANCELLED' })] }
  expect(checkChildren(failed, EXPECTED)).toEqual([])
  const cancelled = {
    ...PARENT,
    status: 'CANCELLED',
    children: [child(0, { status: 'CANCELLED', endedAt: new Date(10) })],
  }
  expect(checkChildren(cancelled, EXPECTED)).toEqual([])
})

test.each<[string, Partial<typeof PARENT>, string]>([
  [
    'a child started twice',
    { children: [child(0), child(1), child(1, { executionId: '12' })] },
    'each/1 started 2 children: 11, 12',
  ],
  ['a child that was never started', { children: [child(0)] }, 'each/1 never started its child'],
  ['a child of no element', { children: [child(0), child(1), child(2)] }, 'each/2 has a child of which nobody knows'],
  [
    'a child that goes on after its parent',
    { status: 'FAILED', children: [child(0), child(1, { status: 'RUNNING', endedAt: null })] },
    'is FAILED, but its child 11 is RUNNING',
  ],
  [
    'a parent that completed with a failed child',
    { children: [child(0), child(1, { status: 'FAILED' })] },
    'is COMPLETED, but its child 11 is FAILED',
  ],
  ['a parent that ended first', { endedAt: new Date(2), children: [child(0)] }, 'ended 3 ms before its child 10'],
])('%s is found', (_name, change, finding) => {
  expect(checkChildren({ ...PARENT, ...change }, EXPECTED)).toContain(finding)
})
