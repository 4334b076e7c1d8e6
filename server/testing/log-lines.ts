import { log } from '../log'
import { outliveOutput } from '../outlive-output'

outliveOutput()

/** Logs a line for every message it is sent, besides what Node itself writes, and answers each; ends when it is let go. */
process.on('message', (text: string) => {
  log().info(text)
  console.error('a line on stderr')
  process.emitWarning('a warning of Node')
  setTimeout(() => process.send?.(text), 20)
})
process.on('disconnect', () => process.exit(0))
process.send?.('ready')
