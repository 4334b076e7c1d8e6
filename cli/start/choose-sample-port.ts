import { env, setVariables } from '@/server/env'
import { PlainError } from '../prepare/plain-error.mjs'
import { isPortFree, nextFreePort } from './ports'

const DEFAULT_PORT = 5555

/** Settles where the sample API will be. The default port gives way to the next free one; a port that was asked for does not. */
export async function chooseSamplePort(say: (line: string) => void): Promise<void> {
  const port = env.PAGETURNER_SAMPLE_PORT
  if (await isPortFree('127.0.0.1', port)) return
  if (port !== DEFAULT_PORT) {
    throw new PlainError(
      `Port ${port}, which PAGETURNER_SAMPLE_PORT asks for, is taken by another program.`,
      `Stop that program, or start with another port: PAGETURNER_SAMPLE_PORT=${port + 1} npm start`,
    )
  }
  const free = await nextFreePort('127.0.0.1', port + 1)
  setVariables({ PAGETURNER_SAMPLE_PORT: String(free) })
  say(`Port ${port} is taken, so the sample API will be on port ${free}.`)
}
