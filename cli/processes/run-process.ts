import { outliveOutput } from '@/server/outlive-output'

export type ProcessName = 'web' | 'worker' | 'sample-api'

export const isProcessName = (name: unknown): name is ProcessName =>
  name === 'web' || name === 'worker' || name === 'sample-api'

/** Runs one of the processes in this one until it is told to stop, or until its supervisor is gone. */
export async function runProcess(name: ProcessName): Promise<void> {
  outliveOutput()
  switch (name) {
    case 'web':
      return (await import('./web')).runWeb()
    case 'worker':
      return (await import('@/worker/index')).startWorker()
    case 'sample-api':
      return (await import('./sample-api')).runSampleApi()
  }
}
