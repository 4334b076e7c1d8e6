import { env } from '@/server/env'
import { startSampleApi } from '@/server/sample-api/sample-api'
import { untilToldToStop } from './until-told-to-stop'

/** The sample API as a process of its own. */
export async function runSampleApi(): Promise<void> {
  const api = await startSampleApi({
    host: '127.0.0.1',
    port: env.PAGETURNER_SAMPLE_PORT,
    pageDelayMs: env.PAGETURNER_SAMPLE_DELAY_MS,
  })
  await untilToldToStop()
  await api.close()
}
