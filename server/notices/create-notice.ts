import type { CreateNotice, NoticeAnswer } from '@/domain/api/notices'
import { withTransaction } from '../db/with-transaction'
import { findSource } from '../executions/start-execution'
import { readNotice } from './list-notices'
import { checkNoticeUrl } from './notice-url'
import { sealSecret } from './signing-secret'

/** Tells an address of the runs of a playbook that end. Throws DomainError: `not_found` (no such playbook), `invalid_request`. */
export async function createNotice({ path, url, on, secret }: CreateNotice): Promise<NoticeAnswer> {
  checkNoticeUrl(url)
  await findSource({ path, trigger: {} })
  const id = await withTransaction(async (client) => {
    const { rows } = await client.query<{ id: string }>(
      'INSERT INTO noetl.notice (path, url, events) VALUES ($1, $2, $3) RETURNING notice_id AS id',
      [path, url, [...new Set(on)]],
    )
    const id = rows[0]?.id ?? ''
    const { keyId, iv, ciphertext } = sealSecret(secret, id, 0)
    await client.query('UPDATE noetl.notice SET key_id = $2, iv = $3, ciphertext = $4 WHERE notice_id = $1', [
      id,
      keyId,
      iv,
      ciphertext,
    ])
    return id
  })
  return readNotice(id)
}
