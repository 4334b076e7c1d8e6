export type EmbeddedPostgres = {
  url: string
  /** True when a server that a killed supervisor left behind was found alive and is used on. */
  adopted: boolean
  stop(): Promise<void>
}

/** Starts the PostgreSQL that comes with the package, or adopts the one still running on `dataDir` (`.pageturner/postgres`). */
export function startEmbeddedPostgres(options: {
  dataDir: string
  log: (line: string) => void
}): Promise<EmbeddedPostgres> {
  throw new Error(`not yet: ${options.dataDir}`)
}
