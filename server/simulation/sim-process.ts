import type { Faults } from './scenario'
import { connectionError, type World } from './world'

/** A process that may die, freeze and have a wrong clock at any moment. Everything it does passes through here. */
export type SimProcess = {
  readonly name: string
  isAlive: () => boolean
  isFrozen: () => boolean
  /** Its own clock. */
  now: () => number
  /** As a timer or an incoming packet: later in a frozen process, never in a dead one. */
  later: (ms: number, act: () => void) => () => void
  /** Asks the database. The connection may break, and the process may die, before or after the act. */
  call: <T>(what: string, act: () => T) => Promise<T>
  kill: (why: string) => void
  freeze: (ms: number) => void
  jump: (ms: number) => void
}

/** `onDeath` is told once, `onFreeze` of every freeze. */
export function createProcess(
  world: World,
  name: string,
  { onDeath, onFreeze }: { onDeath: () => void; onFreeze: (ms: number) => void },
): SimProcess {
  const { scheduler, draw, note, witness } = world
  let alive = true
  let frozenUntil = 0
  let offset = 0

  const kill = (why: string): void => {
    if (!alive) return
    note(name, () => `dies ${why}`)
    alive = false
    witness.met('kills')
    onDeath()
  }
  const freeze = (ms: number): void => {
    note(name, () => `freezes for ${Math.round(ms)} ms`)
    witness.met('freezes')
    world.disturb(ms)
    frozenUntil = Math.max(frozenUntil, scheduler.now() + ms)
    onFreeze(ms)
  }
  const later = (ms: number, act: () => void): (() => void) => {
    let drop = scheduler.in(ms, run)
    function run(): void {
      if (!alive) return
      if (frozenUntil > scheduler.now()) drop = scheduler.in(frozenUntil - scheduler.now(), run)
      else act()
    }
    return () => drop()
  }
  const latency = (): number => {
    if (!draw.chance(world.faults().slowAnswer)) return draw.between(0.2, 6)
    const slowMs = draw.between(50, 1_500)
    world.disturb(slowMs)
    return slowMs
  }
  const strikes = (fault: keyof Faults): boolean => draw.chance(world.faults()[fault])

  return {
    name,
    isAlive: () => alive,
    isFrozen: () => frozenUntil > scheduler.now(),
    now: () => world.db.now() + offset,
    later,
    call<T>(what: string, act: () => T): Promise<T> {
      return new Promise<T>((resolve, reject) => {
        if (!alive) return
        const fate = world.fateOfCall()
        if (fate === 'before' || (strikes('kill') && draw.chance(0.3))) return kill(`before ${what} goes out`)
        scheduler.in(latency(), () => {
          // What a dead process had sent may still arrive.
          if (!alive && draw.chance(0.5)) return
          if (world.downUntil > scheduler.now()) {
            later(latency(), () => reject(connectionError()))
            return
          }
          const breaks = strikes('brokenCall')
          if (breaks) {
            note(name, () => `${what}: the connection breaks`)
            witness.met('broken calls')
            world.disturb(0)
            later(latency(), () => reject(connectionError()))
            if (draw.chance(0.5)) return
          }
          const answer = attempt(act)
          if (fate === 'after' || strikes('kill')) return kill(`after ${what} was done`)
          if (strikes('freeze')) freeze(draw.between(5_000, 20_000))
          if (breaks) return
          later(latency(), () => (answer.ok ? resolve(answer.value) : reject(answer.error)))
        })
      })
    },
    kill,
    freeze,
    jump(ms) {
      note(name, () => `its clock jumps by ${Math.round(ms)} ms`)
      offset += ms
    },
  }
}

type Attempt<T> = { ok: true; value: T } | { ok: false; error: unknown }

function attempt<T>(act: () => T): Attempt<T> {
  try {
    return { ok: true, value: act() }
  } catch (error) {
    return { ok: false, error }
  }
}
