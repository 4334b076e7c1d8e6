import { test as base, expect } from '@playwright/test'

/** A test that fails when the page complains: an uncaught error or anything written to `console.error`. */
export const test = base.extend<{ allowedComplaints: { patterns: RegExp[] }; quietConsole: void }>({
  allowedComplaints: [{ patterns: [] }, { option: true }],
  quietConsole: [
    async ({ page, allowedComplaints }, use) => {
      const complaints: string[] = []
      page.on('console', (message) => {
        if (message.type() === 'error') complaints.push(message.text())
      })
      page.on('pageerror', (error) => complaints.push(error.message))
      await use()
      expect(complaints.filter((text) => !allowedComplaints.patterns.some((allowed) => allowed.test(text)))).toEqual([])
    },
    { auto: true },
  ],
})

export { expect }
