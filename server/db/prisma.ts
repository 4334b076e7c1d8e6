import { PrismaPg } from '@prisma/adapter-pg'
import { PrismaClient } from './generated/client'
import { pool } from './pool'
import { processWide, takeProcessWide } from './process-wide'

/** Prisma on the process's own pool, for the ordinary queries; hot statements have files of their own beside this one. */
export function prisma(): PrismaClient {
  return processWide('prisma', () => new PrismaClient({ adapter: new PrismaPg(pool()) }))
}

/** Forgets Prisma before the pool it stands on is closed. */
export async function closePrisma(): Promise<void> {
  await takeProcessWide<PrismaClient>('prisma')?.$disconnect()
}
