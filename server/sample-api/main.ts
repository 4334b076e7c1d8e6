import { DomainError } from '@/domain/domain-error'
import { env } from '@/server/env'
import { startSampleApi, type SampleApi } from './sample-api'

/** The sample API as a process of its own: tells its parent when it is ready, and ends with it. */
async function main(): Promise<void> {
  const api = await startSampleApi({ host: '127.0.0.1', port: env.PAGETURNER_SAMPLE_PORT })
  endWith(api)
  process.send?.({ type: 'ready', url: api.url })
  if (!process.send) process.stdout.write(`The sample API answers at ${api.url}\n`)
}

function endWith(api: SampleApi): void {
  const end = () => {
    void api.close().then(() => process.exit(0))
  }
  process.once('SIGTERM', end)
  process.once('SIGINT', end)
  process.once('disconnect', end)
}

main().catch((error: unknown) => {
  const text = error instanceof DomainError ? [error.message, error.hint].filter(Boolean).join(' ') : error
  process.stderr.write(`${String(text)}\n`)
  process.exit(1)
})
