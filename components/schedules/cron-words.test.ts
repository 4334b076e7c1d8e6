import { expect, it } from 'vitest'
import { cronWords } from './cron-words'

it.each([
  ['* * * * *', 'every minute'],
  ['*/15 * * * *', 'every 15 minutes'],
  ['5 * * * *', 'every hour at :05'],
  ['0 2 * * *', 'every day at 02:00'],
  ['30 9 * * MON-FRI', 'Monday to Friday at 09:30'],
  ['0 0 * * 0', 'every Sunday at 00:00'],
  ['0 0 1 * *', 'on day 1 of every month at 00:00'],
  ['0 0 1 1 *', null],
  ['0 2 1 * 5', null],
  ['0-5 2 * * *', null],
])('%s is %s', (cron, words) => {
  expect(cronWords(cron)).toBe(words)
})
