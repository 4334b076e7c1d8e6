const FRAMES = ['⠋', '⠙', '⠹', '⠸', '⠼', '⠴', '⠦', '⠧', '⠇', '⠏']

/**
 * Runs one long operation and says so: a turning line on a terminal, plain lines every ten seconds elsewhere.
 * @template T
 * @param {string} title
 * @param {() => Promise<T>} work
 * @returns {Promise<T>}
 */
export async function withProgress(title, work) {
  const startedAt = performance.now()
  const seconds = () => ((performance.now() - startedAt) / 1000).toFixed(1)
  const terminal = process.stderr.isTTY === true
  if (!terminal) process.stderr.write(`… ${title}\n`)
  let frame = 0
  const timer = setInterval(
    () => {
      const mark = FRAMES[frame++ % FRAMES.length]
      process.stderr.write(
        terminal ? `\r\x1b[2K${mark} ${title} ${seconds()} s` : `… ${title}, ${seconds()} s so far\n`,
      )
    },
    terminal ? 100 : 10_000,
  )
  try {
    const result = await work()
    process.stderr.write(`${terminal ? '\r\x1b[2K' : ''}✓ ${title} (${seconds()} s)\n`)
    return result
  } catch (error) {
    process.stderr.write(`${terminal ? '\r\x1b[2K' : ''}✗ ${title} (${seconds()} s)\n`)
    throw error
  } finally {
    clearInterval(timer)
  }
}
