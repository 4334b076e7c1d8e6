import { DomainError } from '@/domain/domain-error'
import { prisma } from '../db/prisma'
import { encrypt } from './encryption'
import { boundTo } from './open-secrets'

export type StoredSecret = { name: string; version: number; createdAt: Date; updatedAt: Date }

const NAME = /^[A-Za-z_][A-Za-z0-9_]{0,127}$/
const FACTS = { name: true, version: true, createdAt: true, updatedAt: true } as const

/** Encrypts and stores; a name that exists gets its next version. Throws a DomainError on a name no template can say, or an empty value. */
export async function putSecret(name: string, value: string): Promise<StoredSecret> {
  if (!NAME.test(name))
    throw invalid(`"${name}" is no name for a secret.`, 'Use letters, digits and _, not beginning with a digit.')
  if (value === '')
    throw invalid(`The secret ${name} was given no value.`, 'Delete it instead, if it is no longer wanted.')
  return prisma().$transaction(async (tx) => {
    // The version is part of what the ciphertext is bound to. Raising it locks the row, so two writers go one after the other.
    const { version } = await tx.secret.upsert({
      where: { name },
      create: { name, ...encrypt(value, boundTo(name, 1)) },
      update: { version: { increment: 1 }, updatedAt: new Date() },
      select: FACTS,
    })
    return tx.secret.update({ where: { name }, data: encrypt(value, boundTo(name, version)), select: FACTS })
  })
}

/** Names and versions, never values. */
export async function listSecrets(): Promise<StoredSecret[]> {
  return prisma().secret.findMany({ select: FACTS, orderBy: { name: 'asc' } })
}

/** False when there was none. */
export async function deleteSecret(name: string): Promise<boolean> {
  const { count } = await prisma().secret.deleteMany({ where: { name } })
  return count === 1
}

const invalid = (message: string, hint: string): DomainError => new DomainError('invalid_request', message, { hint })
