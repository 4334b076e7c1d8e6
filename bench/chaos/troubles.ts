import { setTimeout as sleep } from 'node:timers/promises'
import { pool } from '@/server/db/pool'
import { cancelExecution } from '@/server/executions/cancel-execution'
import { pauseExecution } from '@/server/executions/pause-execution'
import { resumeExecution } from '@/server/executions/resume-execution'
import { startProcess } from '../process'
import type { ApiTrouble } from './chaos-api'
import { clockModule, type Member } from './fleet'
import type { Place } from './place'
import type { Kills } from './recovery'
import type { Stage } from './stage'

export type Scene = Stage & {
  kills: Kills
  /** Runs that go on now. */
  going: () => Promise<string[]>
  /** The runs that were asked to be cancelled, and those of them of which that was answered as done. */
  cancels: { sent: Set<string>; accepted: Set<string> }
  broken: string[]
}

/** `interrupts`: work in flight may be lost by it, and be asked for again. */
export type Trouble = { name: string; interrupts: boolean; make: (scene: Scene) => Promise<void> }

const seconds = (ms: number): string => `${(ms / 1_000).toFixed(1)} s`

/** Everything that is to happen to a place, each kind at least once in a deck. */
export function troublesOf({ database, redis }: Place): Trouble[] {
  return [
    { name: 'kill -9', interrupts: true, make: killWorker },
    { name: 'kill -9 again', interrupts: true, make: killWorker },
    { name: 'freeze', interrupts: true, make: freezeWorker },
    { name: 'drain', interrupts: true, make: drainWorker },
    { name: 'backends', interrupts: true, make: endBackends },
    ...(database === null
      ? []
      : (['fast', 'immediate'] as const).map((how) => ({
          name: `database ${how}`,
          interrupts: true,
          make: async (scene: Scene) => stopDatabase(scene, how),
        }))),
    ...(redis === null ? [] : [{ name: 'redis', interrupts: true, make: killRedis }]),
    ...(['busy', 'reset', 'drip'] as const).map((kind) => ({
      name: `api ${kind}`,
      interrupts: false,
      make: async (scene: Scene) => troubleApi(scene, kind),
    })),
    { name: 'clock ahead', interrupts: true, make: refuseClock },
    { name: 'clock jumps', interrupts: true, make: jumpClock },
    { name: 'cancel', interrupts: false, make: cancelRun },
    { name: 'pause', interrupts: false, make: pauseRun },
  ]
}

const someone = ({ fleet, random }: Scene): Member | null => {
  const awake = fleet.awake()
  return awake.length === 0 ? null : random.pick(awake)
}

async function killWorker(scene: Scene): Promise<void> {
  const member = someone(scene)
  if (member === null) return
  const awayMs = scene.random.between(0, 3_000)
  scene.say(`${member.name} is killed (kill -9)`)
  await scene.kills.before(member.running.pid)
  await scene.fleet.kill(member, awayMs)
}

/** Longer than a lease, so that another takes over; the next trouble doesn't wait for the thaw. */
async function freezeWorker(scene: Scene): Promise<void> {
  const member = someone(scene)
  if (member === null) return
  const forMs = scene.random.between(3_000, 16_000)
  scene.say(`${member.name} is frozen for ${seconds(forMs)}`)
  void scene.fleet.freeze(member, forMs).then(() => scene.say(`${member.name} thaws`))
}

async function drainWorker(scene: Scene): Promise<void> {
  const member = someone(scene)
  if (member === null) return
  scene.say(`${member.name} is asked to stop (SIGTERM)`)
  await scene.fleet.replace(member, null)
}

async function endBackends({ say }: Scene): Promise<void> {
  const { rowCount } = await pool().query(
    `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
     WHERE application_name LIKE 'pageturner%' AND pid <> pg_backend_pid() AND random() < 0.7`,
  )
  say(`${rowCount} connections of the database were ended`)
}

async function stopDatabase({ place, random, say }: Scene, how: 'fast' | 'immediate'): Promise<void> {
  const awayMs = random.between(200, 4_000)
  say(`the database stops (${how}), and is away for ${seconds(awayMs)}`)
  await place.database?.stop(how)
  await sleep(awayMs)
  await place.database?.start()
  say('the database is back')
}

async function killRedis({ place, random, say }: Scene): Promise<void> {
  const awayMs = random.between(200, 3_000)
  say(`Redis is killed (kill -9) with all it held, and is away for ${seconds(awayMs)}`)
  await place.redis?.kill()
  await sleep(awayMs)
  await place.redis?.start()
}

async function troubleApi({ place, random, say }: Scene, kind: ApiTrouble): Promise<void> {
  const forMs = random.between(1_500, 4_500)
  const how = { busy: 'answers 503', reset: 'resets connections', drip: 'sends a byte now and then' }[kind]
  say(`the API ${how} for ${seconds(forMs)}`)
  place.api.trouble(kind)
  await sleep(forMs)
  place.api.trouble(null)
}

/** A clock that is far off at the start is refused: the queue's locks go by it. */
async function refuseClock({ place, say, broken }: Scene): Promise<void> {
  const worker = startProcess('worker', place.variables, [clockModule({ byMs: 30_000, afterMs: 0 })])
  const how = await Promise.race([worker.exited, worker.ready.then(() => null)]).catch(async () => worker.exited)
  if (how !== null) return say(`a worker whose clock is 30 s ahead was refused (exit code ${how.code})`)
  broken.push('a worker whose clock is 30 s ahead was let in')
  await worker.stop()
}

/** One that was right at the start jumps: nothing may depend on it but when locks of the queue run out. */
async function jumpClock(scene: Scene): Promise<void> {
  const member = someone(scene)
  if (member === null) return
  const byMs = scene.random.pick([-20_000, -1_500, 1_500, 20_000])
  scene.say(`${member.name} is replaced by one whose clock jumps by ${seconds(byMs)} after 4 s`)
  await scene.fleet.replace(member, { byMs, afterMs: 4_000 })
}

async function cancelRun({ going, random, say, cancels }: Scene): Promise<void> {
  const runs = await going()
  if (runs.length === 0) return
  const run = random.pick(runs)
  say(`execution ${run} is cancelled`)
  cancels.sent.add(run)
  await cancelExecution(run)
  cancels.accepted.add(run)
}

async function pauseRun({ going, random, say }: Scene): Promise<void> {
  const runs = await going()
  if (runs.length === 0) return
  const run = random.pick(runs)
  say(`execution ${run} is paused for two seconds`)
  await pauseExecution(run)
  await sleep(2_000)
  await resumeExecution(run)
}
