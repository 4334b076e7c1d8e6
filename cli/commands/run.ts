import { setTimeout as sleep } from 'node:timers/promises'

import type { Builds } from '../builds'
import { PlainError } from '../prepare/plain-error.mjs'
import { emptyView, type ExecutionView } from '@/domain/execution/view'
import { applyEvent } from '@/domain/execution/view-fold'
import { openRunScreen, type RunScreen } from '../screen/run-screen'
import { hasSucceeded, summaryLines } from '../screen/summary'
import { onStopSignals } from '../start/stop-signals'
import { httpTarget } from '../target/http-target'
import { localServer } from '../target/local-server'
import type { ChosenPlaybook, ExportFormat, RunTarget } from '../target/run-target'
import { meansFile, readNamedFile, refuseUnwritable } from './files'
import { parsePath } from './parse-argument'
import { parseSettings } from './parse-settings'
import { chooseFormat, saveResults } from './save-results'

/** An execution begins within milliseconds. */
const WONDER_MS = 3_000

export type RunOptions = { set: string[]; json?: boolean; out?: string; embedded?: boolean; server?: string }

/** Runs a playbook (a file, or a registered path), shows it live, and resolves to the exit code: 0 only when it is COMPLETED and every expectation held. */
export async function run(what: string, options: RunOptions, builds: Builds): Promise<number> {
  const workload = parseSettings(options.set)
  const format = options.out === undefined ? null : chooseFormat(options.out)
  if (options.out !== undefined) refuseUnwritable(options.out)
  const screen = openRunScreen()
  const { target, close } = await openTarget(options, screen, builds)
  try {
    const id = await target.run({ ...(await chosenPlaybook(what, target)), workload })
    const interrupted = untilInterrupted(() => {
      screen.close()
      process.stderr.write(`\n${target.afterLeaving(id)}\n`)
    })
    screen.say(`Execution ${id}${suffix(target.pageOf(id))}`)
    return await Promise.race([interrupted, showRun(id, { target, screen, options, format })])
  } finally {
    screen.close()
    await close()
  }
}

/** The exit code of a command that Ctrl-C ended. */
const INTERRUPTED = 130

/** Does what `tell` does at the first Ctrl-C and resolves to the exit code; a second one does not wait for what is being closed. */
function untilInterrupted(tell: () => void): Promise<number> {
  return new Promise((resolve) => {
    const first = (): void => {
      tell()
      resolve(INTERRUPTED)
    }
    onStopSignals(first, () => process.exit(INTERRUPTED))
  })
}

type Shown = { target: RunTarget; screen: RunScreen; options: RunOptions; format: ExportFormat | null }

/** Shows an execution until it has ended, says and saves what came of it, and resolves to the exit code. */
async function showRun(id: string, { target, screen, options, format }: Shown): Promise<number> {
  const view = await watch(id, target, screen)
  screen.close()
  const summary = options.json === true ? process.stderr : process.stdout
  for (const line of summaryLines(view)) summary.write(`${line}\n`)
  if (options.out !== undefined && format !== null) {
    await saveResults(await target.results(id, format), options.out)
    process.stderr.write(`${view.stats.items.toLocaleString('en')} items saved in ${options.out}\n`)
  }
  if (options.json === true) process.stdout.write(`${JSON.stringify(summaryOf(view), null, 2)}\n`)
  return hasSucceeded(view) ? 0 : 1
}

type OpenTarget = { target: RunTarget; close: () => Promise<void> }

async function openTarget(options: RunOptions, screen: RunScreen, builds: Builds): Promise<OpenTarget> {
  if (options.embedded !== true) {
    return { target: httpTarget(options.server ?? localServer(), screen.say), close: async () => undefined }
  }
  if (options.server !== undefined) throw new PlainError('--embedded and --server exclude each other.')
  return (await import('../target/embedded-target')).openEmbeddedTarget(builds)
}

/** A file is registered and its version run; anything else is the path of a registered playbook. */
async function chosenPlaybook(what: string, target: RunTarget): Promise<ChosenPlaybook> {
  if (meansFile(what)) return target.register(readNamedFile(what), what)
  return { path: parsePath(what) }
}

async function watch(id: string, target: RunTarget, screen: RunScreen): Promise<ExecutionView> {
  let view = emptyView(id)
  const begun = new AbortController()
  void tellWhyNothing(target, screen, begun.signal)
  for await (const event of target.follow(id, 0)) {
    begun.abort()
    view = applyEvent(view, event)
    screen.show(event, view)
  }
  return view
}

/** Where an execution does not begin: why that is, once it is known. */
async function tellWhyNothing(target: RunTarget, screen: RunScreen, begun: AbortSignal): Promise<void> {
  while (!begun.aborted) {
    await sleep(WONDER_MS, undefined, { signal: begun }).catch(() => undefined)
    const why = begun.aborted ? null : await target.whyNothing()
    if (why === null || begun.aborted) continue
    screen.say(`Nothing happens yet. ${why}`)
    return
  }
}

const suffix = (page: string | null): string => (page === null ? '' : `  ${page}`)

const summaryOf = ({ executionId, path, version, status, stats, expectations, error }: ExecutionView) => ({
  execution_id: executionId,
  path,
  version,
  status,
  stats,
  expectations,
  error,
})
