const FRAMES = ['⠋', '⠙', '⠹', '⠸', '⠼', '⠴', '⠦', '⠧', '⠇', '⠏']

/**
 * Runs one long operation and says so: a turning line on a terminal, elsewhere a line after a second and then every ten.
 * @template T
 * @param {string} title
 * @param {() => Promise<T>} work
 * @returns {Promise<T>}
 */
export async function withProgress(title, work) {
  const startedAt = performance.now()
  const seconds = () => ((performance.now() - startedAt) / 1000).toFixed(1)
  const terminal = process.stderr.isTTY === true
  let ticks = 0
  const tick = () => {
    ticks += 1
    if (terminal) process.stderr.write(`\r\x1b[2K${FRAMES[ticks % FRAMES.length]} ${title} ${seconds()} s`)
    else if (ticks === 1) process.stderr.write(`… ${title}\n`)
    else if (ticks % 10 === 0) process.stderr.write(`… ${title}, ${seconds()} s so far\n`)
  }
  const timer = setInterval(tick, terminal ? 100 : 1_000)
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
