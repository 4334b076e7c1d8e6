import { env } from './env'

/** An address of this server as others reach it: PAGETURNER_PUBLIC_URL, or this machine. */
export function publicAddress(path: string): string {
  return new URL(path, env.PAGETURNER_PUBLIC_URL ?? `http://localhost:${env.PAGETURNER_PORT}`).href
}
