import { describeError } from './prepare/plain-error.mjs'
import { isProcessName, runProcess } from './processes/run-process'

/** What the supervisor forks: `child.js <name>`. */
const name = process.argv[2]
if (!isProcessName(name)) throw new Error(`child.js was started without the name of a process: ${name}`)
process.title = `pageturner ${name}`
runProcess(name).then(
  // The channel to the supervisor would keep a process that is done alive.
  () => process.exit(0),
  (error: unknown) => {
    console.error(describeError(error))
    process.exit(1)
  },
)
