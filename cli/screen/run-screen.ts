import type { ExecutionEvent } from '@/domain/execution/events'
import type { ExecutionView } from '@/domain/execution/view'
import { eventLine } from './event-line'
import { runLines } from './run-lines'

const REDRAW_MS = 100
const USUAL = { columns: 80, rows: 24 }

export type RunScreen = {
  /** Shows what an event did to the view. */
  show(event: ExecutionEvent, view: ExecutionView): void
  /** A line that stays, above the live part. */
  say: (line: string) => void
  /** Draws a last time; what is written from then on stays below. Again it does nothing. */
  close(): void
}

/** Live progress on standard error: redrawn in place on a terminal, a line for each thing worth one elsewhere. */
export function openRunScreen(output: NodeJS.WriteStream = process.stderr): RunScreen {
  return output.isTTY ? openTerminal(output) : openLines(output)
}

function openLines(output: NodeJS.WriteStream): RunScreen {
  const say = (line: string): void => void output.write(`${line}\n`)
  return {
    show: (event, view) => {
      const line = eventLine(event, view)
      if (line !== null) say(line)
    },
    say,
    close: () => undefined,
  }
}

function openTerminal(output: NodeJS.WriteStream): RunScreen {
  let drawn = 0
  let newest: ExecutionView | null = null
  let closed = false
  const erase = (): void => {
    // A key that the terminal echoed, such as ^C, has moved the cursor off the first column.
    if (drawn > 0) output.write(`\r\x1b[${drawn}A\x1b[0J`)
    drawn = 0
  }
  const draw = (): void => {
    if (newest === null) return
    // A terminal that does not tell its size says 0.
    const width = (output.columns || USUAL.columns) - 1
    const height = (output.rows || USUAL.rows) - 2
    const lines = runLines(newest, { height, width }).map((line) => line.slice(0, width))
    erase()
    output.write(`${lines.join('\n')}\n`)
    drawn = lines.length
  }
  const timer = setInterval(draw, REDRAW_MS)
  return {
    show: (_event, view) => {
      newest = view
    },
    say: (line) => {
      erase()
      output.write(`${line}\n`)
    },
    close: () => {
      if (closed) return
      closed = true
      clearInterval(timer)
      draw()
    },
  }
}
