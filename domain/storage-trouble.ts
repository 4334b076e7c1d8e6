/** Why a database that answers can't take what is to be saved, in words for a person. */
export type StorageTrouble = { kind: 'disk_full' | 'read_only' | 'out_of_memory'; message: string; hint: string }

const KINDS: Readonly<Record<string, StorageTrouble['kind']>> = {
  '53100': 'disk_full',
  '25006': 'read_only',
  '53200': 'out_of_memory',
}

const WHAT: Readonly<Record<StorageTrouble['kind'], string>> = {
  disk_full: 'disk is full',
  read_only: 'is read-only',
  out_of_memory: 'is out of memory',
}

const REMEDIES: Readonly<Record<StorageTrouble['kind'], string>> = {
  disk_full: 'Free space on the disk of the database, or give it a larger one; do not delete files of the database.',
  read_only:
    'Let it accept changes again: is it a standby after a failover, or is default_transaction_read_only on (ALTER DATABASE … RESET default_transaction_read_only)?',
  out_of_memory: 'Give the database more memory, or less work at once (WORKER_CONCURRENCY).',
}

/** What a SQLSTATE says about saving in our own database, or null when it says something else. */
export function storageTroubleOf(sqlstate: string | null): StorageTrouble | null {
  const kind = KINDS[sqlstate ?? '']
  if (kind === undefined) return null
  const whose = kind === 'disk_full' ? "The database's" : 'The database'
  const message = `${whose} ${WHAT[kind]}, so nothing can be saved. The runs wait, and go on by themselves once it can be.`
  return { kind, message, hint: REMEDIES[kind] }
}

/** The same of a database that a playbook writes to, with what it `said`; a run that met it has failed. */
export function foreignTroubleOf(
  name: string,
  { sqlstate, said }: { sqlstate: string | null; said: string },
): { message: string; hint: string } | null {
  const kind = KINDS[sqlstate ?? '']
  if (kind === undefined) return null
  const whose = kind === 'disk_full' ? `The database ${name}'s` : `The database ${name}`
  return {
    message: `${whose} ${WHAT[kind]}, so it took nothing: ${said} (SQLSTATE ${sqlstate}).`,
    hint: `${REMEDIES[kind]} Then retry the run: the pages are kept, only what was not stored is stored.`,
  }
}
