import { existsSync } from 'node:fs'

import { PlainError } from '../prepare/plain-error.mjs'
import { withProgress } from '../prepare/progress.mjs'
import { runCommand } from './run-command'

const NEEDED = [
  { name: 'chromium', files: ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'] },
  {
    name: 'redis-server',
    files: ['/usr/bin/redis-server', '/usr/local/bin/redis-server', '/opt/homebrew/bin/redis-server'],
  },
] as const

/** The tests use a real browser and a real Redis: installs them from Debian's packages where root can, else says what is missing. */
export async function installSystemPackages(): Promise<void> {
  const missing = NEEDED.filter(({ files }) => !files.some((file) => existsSync(file))).map(({ name }) => name)
  if (missing.length === 0) return
  if (process.getuid?.() !== 0 || !existsSync('/usr/bin/apt-get')) {
    throw new PlainError(
      `The tests need ${missing.join(' and ')}, which this machine does not have.`,
      `Install it and run npm test again; on Debian or Ubuntu: sudo apt-get install -y ${missing.join(' ')}`,
    )
  }
  await withProgress(`Installing ${missing.join(' and ')} (apt-get)`, async () => {
    await runCommand('apt-get', ['update'])
    const { ok, output } = await runCommand('apt-get', ['install', '-y', '--no-install-recommends', ...missing], {
      variables: { DEBIAN_FRONTEND: 'noninteractive' },
    })
    if (!ok) throw new PlainError(`apt-get could not install ${missing.join(' and ')}:\n${output.slice(-2000)}`)
  })
}
