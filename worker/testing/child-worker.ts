import { startWorker } from '../index'

await startWorker()
process.exit(0)
