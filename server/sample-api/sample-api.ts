import type { RequestLog } from './request-log'

export type SampleApi = {
  url: string
  port: number
  log: RequestLog
  close(): Promise<void>
}

/** Starts the sample API; port 0 picks a free one. Throws a DomainError when the port is taken. */
export async function startSampleApi(options: { host: string; port: number }): Promise<SampleApi> {
  throw new Error(`not started yet: ${options.host}:${options.port}`)
}
