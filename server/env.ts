import { z } from 'zod'
import { DomainError } from '@/domain/domain-error'

const SECRET_PREFIX = 'PAGETURNER_SECRET_'
/** Begins with the prefix of secrets but is the key of their store. */
const KEY_SETTINGS: ReadonlySet<string> = new Set(['PAGETURNER_SECRET_KEY', 'PAGETURNER_SECRET_KEY_OLD'])

const port = z.coerce.number().int().min(1).max(65_535)
const optional = <T extends z.ZodType>(schema: T) =>
  z.preprocess((value) => (value === '' ? undefined : value), schema.optional())
const listOf = (text: string): string[] =>
  text
    .split(',')
    .map((entry) => entry.trim())
    .filter((entry) => entry !== '')
const list = z.string().default('').transform(listOf)

const schema = z.object({
  NODE_ENV: z.string().default('production'),
  /** Unset: an embedded PostgreSQL, whose URL the supervisor hands to its children under this name. */
  DATABASE_URL: optional(
    z.string().regex(/^postgres(ql)?:\/\//, 'expected postgresql://user:password@host:port/database'),
  ),
  /** Unset: the queue lives in PostgreSQL. */
  REDIS_URL: optional(z.string().regex(/^rediss?:\/\//, 'expected redis://host:port')),
  PAGETURNER_PORT: optional(port).transform((value) => value ?? 8420),
  PAGETURNER_HOST: optional(z.string()).transform((value) => value ?? '127.0.0.1'),
  /** Where others reach the web server: the address of a reverse proxy, which the guard lets in, and of links in notices and webhooks. */
  PAGETURNER_PUBLIC_URL: optional(z.url({ protocol: /^https?$/, error: 'expected https://host' })),
  PAGETURNER_SAMPLE_PORT: optional(port).transform((value) => value ?? 5555),
  /** How long a page of the sample API takes when the request doesn't say. */
  PAGETURNER_SAMPLE_DELAY_MS: optional(z.coerce.number().int().min(0).max(60_000)).transform((value) => value ?? 150),
  PAGETURNER_DATA_DIR: optional(z.string()).transform((value) => value ?? '.pageturner'),
  PAGETURNER_SECRET_KEY: optional(z.string().min(16, 'expected at least 16 characters')),
  /** The key before the present one: read with it, write with the present one. */
  PAGETURNER_SECRET_KEY_OLD: optional(z.string().min(16, 'expected at least 16 characters')),
  WORKER_CONCURRENCY: optional(z.coerce.number().int().min(1).max(1_000)).transform((value) => value ?? 50),
  /** `host:port` or `host:*`, comma separated: private addresses that playbooks may reach. */
  PAGETURNER_ALLOW_HOSTS: list,
  /** Names of environment variables that templates may read as `env.NAME`, comma separated. */
  PAGETURNER_TEMPLATE_ENV: list,
  NOETL_ENV: optional(z.enum(['localhost', 'kubernetes'])),
  KUBERNETES_SERVICE_HOST: optional(z.string()),
  /** Where a test has this process die or freeze, as fault-point.ts says. */
  FAULT: optional(z.string()),
  LOG_LEVEL: optional(z.enum(['debug', 'info', 'warn', 'error', 'silent'])).transform((value) => value ?? 'info'),
})

type Variables = Readonly<Record<string, string | undefined>>

export type Env = Omit<z.infer<typeof schema>, 'NOETL_ENV' | 'KUBERNETES_SERVICE_HOST'> & {
  NOETL_ENV: 'localhost' | 'kubernetes'
  /** Values of `PAGETURNER_SECRET_<NAME>` by NAME; they win over the store. */
  SECRETS: ReadonlyMap<string, string>
  /** What `env.NAME` gives in a template. */
  TEMPLATE_ENV: Readonly<Record<string, string>>
}

/** Parses the settings of api.md, "Configuration". Throws a DomainError that names each bad variable and what is expected. */
export function parseEnv(variables: Variables): Env {
  const parsed = schema.safeParse(variables)
  if (!parsed.success) {
    const places = parsed.error.issues.map((issue) => ({ path: String(issue.path[0]), message: issue.message }))
    throw new DomainError('invalid_request', places.map((place) => `${place.path}: ${place.message}`).join('; '), {
      places,
      hint: 'Correct these environment variables; .env.example lists each with its default.',
    })
  }
  const { KUBERNETES_SERVICE_HOST, NOETL_ENV, ...rest } = parsed.data
  if (rest.FAULT !== undefined && rest.NODE_ENV !== 'test') {
    throw new DomainError('invalid_request', 'FAULT ends processes on purpose and is only for tests.', {
      hint: 'Unset FAULT, or set NODE_ENV=test if this is a test.',
    })
  }
  return {
    ...rest,
    NOETL_ENV: NOETL_ENV ?? (KUBERNETES_SERVICE_HOST === undefined ? 'localhost' : 'kubernetes'),
    SECRETS: secretsOf(variables),
    TEMPLATE_ENV: Object.fromEntries(rest.PAGETURNER_TEMPLATE_ENV.map((name) => [name, variables[name] ?? ''])),
  }
}

function secretsOf(variables: Variables): ReadonlyMap<string, string> {
  const secrets = new Map<string, string>()
  for (const [name, value] of Object.entries(variables)) {
    if (value !== undefined && value !== '' && name.startsWith(SECRET_PREFIX) && !KEY_SETTINGS.has(name)) {
      secrets.set(name.slice(SECRET_PREFIX.length), value)
    }
  }
  return secrets
}

let parsed: Env | undefined

/** Forgets what was read, so that the next use of `env` reads the variables again (a test that made its own database). */
export function resetEnv(): void {
  parsed = undefined
}

/** Sets variables for this process and those it forks: what the supervisor found out itself (the database it started). */
export function setVariables(variables: Readonly<Record<string, string>>): void {
  Object.assign(process.env, variables)
  resetEnv()
}

/** The settings, parsed at the first use: `next build` imports every module and needs none of them. */
export const env: Env = new Proxy(Object.create(null), {
  get: (_target, name) => Reflect.get((parsed ??= parseEnv(process.env)), name),
})
