import { closeDatabases, inDatabase } from '../in-database'

/** A process of its own, because Node reads which authorities it trusts (`NODE_EXTRA_CA_CERTS`) only as it begins. */
const [url = ''] = process.argv.slice(2)
const { signal } = new AbortController()

try {
  const tls = await inDatabase({ name: 'ASKED', url, signal }, async (client) => {
    const { rows } = await client.query<{ ssl: boolean; version: string }>(
      'SELECT ssl, version FROM pg_stat_ssl WHERE pid = pg_backend_pid()',
    )
    return rows[0]
  })
  process.stdout.write(JSON.stringify(tls))
} catch (error) {
  process.stdout.write(JSON.stringify({ error: error instanceof Error ? error.message : String(error) }))
}
await closeDatabases()
