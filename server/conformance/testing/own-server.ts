import { afterAll, beforeAll } from 'vitest'
import { setVariables } from '@/server/env'
import { startScriptedServer, type ScriptedServer } from './scripted-server'

/** A scripted server for the tests of the suite that asks for it, which may be reached; gives what hands it to a test. */
export function ownServer(): () => ScriptedServer {
  let server: ScriptedServer | undefined
  beforeAll(async () => {
    setVariables({ PAGETURNER_ALLOW_HOSTS: '127.0.0.1:*,localhost:*' })
    server = await startScriptedServer()
  })
  afterAll(() => server?.close())
  return () => {
    if (server === undefined) throw new Error('the scripted server did not start')
    return server
  }
}
