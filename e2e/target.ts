import { existsSync } from 'node:fs'

const CHROMIUM = '/usr/bin/chromium'

/** Where the product under test answers. */
export const TARGET_URL = process.env['PAGETURNER_URL'] ?? 'http://localhost:8420'

/** Debian's Chromium where it is installed, else Playwright's own; as root it needs its sandbox off. */
export const BROWSER = {
  browserName: 'chromium',
  launchOptions: {
    ...(existsSync(CHROMIUM) && { executablePath: CHROMIUM }),
    args: process.getuid?.() === 0 ? ['--no-sandbox'] : [],
  },
} as const
