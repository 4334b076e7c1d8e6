import { expect, test } from 'vitest'
import { queuesOf, readOptions } from './read-options'

test('without a word it is ten minutes on both queues', () => {
  expect(readOptions([])).toEqual({
    what: 'chaos',
    seconds: 600,
    queue: 'both',
    seed: null,
    databaseUrl: null,
    plant: false,
  })
})

test('kills are counted for each queue', () => {
  expect(readOptions(['--kills', '20', '--seed', '7'])).toEqual({ what: 'kills', kills: 20, queue: 'both', seed: 7 })
})

test.each([
  [['--seconds', 'ten'], '--seconds takes a whole number from 1, not "ten".'],
  [['--kills', '0'], '--kills takes a whole number from 1, not "0".'],
  [['--queue', 'kafka'], '--queue takes postgres, redis or both, not kafka.'],
  [['--kills', '2', '--seconds', '9'], '--kills goes with --queue and --seed only.'],
  [['--second', '9'], "Unknown option '--second'"],
])('%j is refused, so that nothing is passed by having tried nothing', (words, message) => {
  expect(() => readOptions(words)).toThrow(message)
})

test('a queue that can not be tried is not passed over', () => {
  expect(queuesOf('both', true)).toEqual(['postgres', 'redis'])
  expect(queuesOf('postgres', false)).toEqual(['postgres'])
  expect(() => queuesOf('both', false)).toThrow('use --queue postgres')
})
