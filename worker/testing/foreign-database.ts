import { createServer, connect as connectTcp, type AddressInfo, type Socket } from 'node:net'
import type pg from 'pg'
import { afterAll, inject } from 'vitest'
import { openPool } from '@/server/db/pool'

export type ForeignDatabase = {
  name: string
  /** What a secret would hold. */
  address: (mode?: string, password?: string) => string
  /** Where it listens as far as playbooks see: our own database's port is closed to them. */
  port: number
  /** Past the forwarder, as the owner, who may always write. */
  direct: pg.Pool
  /** The server's own database, for what can't be done from inside. */
  admin: pg.Pool
}

/** A second database behind a port of its own, gone after the file's last test. Call it at the top of a test file. */
export async function startForeignDatabase(prefix: string): Promise<ForeignDatabase> {
  const name = `${prefix}_${process.pid}`
  const server = new URL(inject('templateDatabaseUrl'))
  const poolOn = (database: string): pg.Pool =>
    openPool(Object.assign(new URL(server), { pathname: `/${database}` }).href, {
      application_name: 'test',
      options: '-c default_transaction_read_only=off',
    })
  const admin = poolOn('postgres')
  await admin.query(`CREATE DATABASE ${name} TEMPLATE template0`)
  const direct = poolOn(name)
  const sockets = new Set<Socket>()
  const forwarder = createServer((socket) => {
    const onward = connectTcp(Number(server.port), server.hostname)
    for (const end of [socket, onward]) sockets.add(end.on('error', () => undefined))
    socket.pipe(onward).pipe(socket)
  })
  await new Promise<void>((resolve) => forwarder.listen(0, '127.0.0.1', resolve))
  const { port } = forwarder.address() as AddressInfo
  afterAll(async () => {
    for (const socket of sockets) socket.destroy()
    forwarder.close()
    await direct.end()
    await admin.query(`DROP DATABASE ${name} WITH (FORCE)`)
    await admin.end()
  })
  return {
    name,
    address: (mode = 'disable', password = server.password) =>
      `postgres://${server.username}:${password}@127.0.0.1:${port}/${name}?sslmode=${mode}`,
    port,
    direct,
    admin,
  }
}
