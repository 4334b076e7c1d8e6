import type { Command } from 'commander'

import { PlainError } from '../prepare/plain-error.mjs'

export type OnServer = { server?: string }

/** Gives a command the option that says which server it talks to. */
export const onServer = (command: Command, what = 'the server to talk to'): Command =>
  command.option('--server <url>', what, serverAddress)

/** The origin of a server's address, as every request begins with it. Throws a PlainError for what is none. */
function serverAddress(text: string): string {
  const url = URL.canParse(text) ? new URL(text) : null
  if (url === null || (url.protocol !== 'http:' && url.protocol !== 'https:')) {
    throw refused(text, 'Write it with http:// or https://')
  }
  // Not repeated: a password may be in it.
  if (url.username !== '' || url.password !== '') throw refused('', 'Write it without a name and a password')
  if (url.pathname !== '/' || url.search !== '' || url.hash !== '') throw refused(text, 'Write it without a path')
  return url.origin
}

const refused = (text: string, remedy: string): PlainError =>
  new PlainError(
    `${text === '' ? 'What --server was given' : `--server ${text}`} is not the address of a server.`,
    `${remedy}, such as --server http://localhost:8420.`,
  )
