import type { ChangeNotice, NoticeAnswer } from '@/domain/api/notices'
import type { Queryable } from '../db/pool'
import { withTransaction } from '../db/with-transaction'
import { readNotice } from './list-notices'
import { noSuchNotice } from './notice-row'
import { checkNoticeUrl } from './notice-url'
import { sealSecret } from './signing-secret'

/** Changes a notice, pauses it or lets it go on. Throws DomainError: `not_found`, `invalid_request`. */
export async function changeNotice(id: string, { url, on, secret, paused }: ChangeNotice): Promise<NoticeAnswer> {
  if (url !== undefined) checkNoticeUrl(url)
  await withTransaction(async (client) => {
    const { rows } = await client.query<{ version: number }>(
      `UPDATE noetl.notice SET url = coalesce($2, url), events = coalesce($3, events), paused = coalesce($4, paused)
       WHERE notice_id = $1 RETURNING key_version AS version`,
      [id, url ?? null, on === undefined ? null : [...new Set(on)], paused ?? null],
    )
    const version = rows[0]?.version
    if (version === undefined) throw noSuchNotice(id)
    if (secret !== undefined) await keepSecret(client, { id, version: version + 1, secret })
  })
  return readNotice(id)
}

async function keepSecret(
  client: Queryable,
  { id, version, secret }: { id: string; version: number; secret: string | null },
): Promise<void> {
  const { keyId, iv, ciphertext } = sealSecret(secret, id, version)
  await client.query(
    'UPDATE noetl.notice SET key_version = $2, key_id = $3, iv = $4, ciphertext = $5 WHERE notice_id = $1',
    [id, version, keyId, iv, ciphertext],
  )
}
