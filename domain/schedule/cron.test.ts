import { describe, expect, it } from 'vitest'
import { parseCron } from './cron'

describe('a cron expression', () => {
  it.each([
    ['0 2 * * *', '0 2 * * *'],
    ['  */15   9-17 * *  MON-FRI ', '*/15 9-17 * * MON-FRI'],
    ['@hourly', '0 * * * *'],
    ['@Daily', '0 0 * * *'],
    ['0 0 L * *', '0 0 L * *'],
    ['0 0 * * 7', '0 0 * * 7'],
  ])('%s is read', (text, fields) => {
    expect(parseCron(text)).toMatchObject({ fields })
  })

  it.each([
    ['', /has 0 fields: write five fields/],
    ['* * * * * *', /has 6 fields/],
    ['@reboot', /"@reboot" is unknown: write five fields/],
    ['61 * * * *', /61/],
    ['0 0 30 2 *', /day of month/],
    ['H 2 * * *', /"H" is no field/],
    ['0 2 * * tomorrow', /./],
    ['0 2 * * *;', /no field/],
  ])('%s is refused in words', (text, problem) => {
    expect(parseCron(text)).toEqual({ problem: expect.stringMatching(problem) })
  })

  it('says whether it follows the clock or the day', () => {
    expect(parseCron('0 */2 * * *')).toMatchObject({ isEveryHour: true })
    expect(parseCron('0 2 * * *')).toMatchObject({ isEveryHour: false })
  })
})
