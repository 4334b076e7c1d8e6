import { env } from '@/server/env'
import { PlainError } from '../prepare/plain-error.mjs'

const LOOPBACK = /^(localhost|127(\.\d{1,3}){3}|::1)$/

/** Throws a PlainError when PAGETURNER_HOST is an address that other machines reach: there are no accounts to log in with. */
export function refuseOpenAddress(): void {
  if (LOOPBACK.test(env.PAGETURNER_HOST)) return
  throw new PlainError(
    `PAGETURNER_HOST=${env.PAGETURNER_HOST} would open Pageturner to the network, and this version has no accounts.`,
    'Leave it at 127.0.0.1, and put a reverse proxy that asks for a login in front of it.',
  )
}
