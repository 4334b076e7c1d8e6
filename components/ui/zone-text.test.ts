import { expect, it } from 'vitest'
import { hereText, zoneText } from './zone-text'

const AT = Date.parse('2026-11-24T01:00:00Z')

it('says a moment as the clocks of its zone show it', () => {
  expect(zoneText(AT, 'Europe/Berlin')).toBe('Tue 24 Nov 2026, 02:00')
  expect(zoneText(AT, 'America/New_York')).toBe('Mon 23 Nov 2026, 20:00')
})

it("says it as the reader's clocks do where those differ", () => {
  expect(hereText(AT, 'Europe/Berlin', 'Europe/Paris')).toBe(null)
  expect(hereText(AT, 'Europe/Berlin', 'Europe/London')).toBe('01:00 here')
  expect(hereText(AT, 'Europe/Berlin', 'America/New_York')).toBe('Mon 23 Nov 2026, 20:00 here')
})
