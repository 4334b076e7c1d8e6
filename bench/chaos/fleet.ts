import { setTimeout as sleep } from 'node:timers/promises'
import { pathToFileURL } from 'node:url'
import { type Running, startProcess } from '../process'

/** A clock that is `byMs` ahead of this machine's, from `afterMs` after the start on. */
export type Skew = { byMs: number; afterMs: number }

export type Member = { name: string; running: Running; isFrozen: boolean; skew: Skew | null }

export type Fleet = {
  /** Those that run and aren't frozen. */
  awake(): Member[]
  pidsOf(): number[]
  /** As a crash. A new one takes its place after a while, as the supervisor does it. */
  kill(member: Member, awayMs: number): Promise<void>
  freeze(member: Member, forMs: number): Promise<void>
  /** Asks it to stop, and puts another in its place, whose clock may be wrong. */
  replace(member: Member, skew: Skew | null): Promise<void>
  stop(): Promise<void>
}

const RESTART_MS = 1_000

/** Keeps as many workers running, whatever becomes of each. */
export function startFleet(options: {
  size: number
  variables: Record<string, string>
  say: (line: string) => void
}): Fleet {
  const { size, variables, say } = options
  let stopping = false
  const members: Member[] = Array.from({ length: size }, (_, place) => start(`worker ${place + 1}`, null))

  function start(name: string, skew: Skew | null): Member {
    const clock = skew === null ? [] : [clockModule(skew)]
    const member = { name, running: startProcess('worker', variables, clock), isFrozen: false, skew }
    void member.running.exited.then(({ code, signal }) => restart(member, code ?? signal))
    return member
  }

  /** One that ended without being told to is started again, with a good clock. */
  async function restart(member: Member, how: number | string | null): Promise<void> {
    if (stopping || !members.includes(member)) return
    say(`${member.name} ended by itself (${how}) and is started again`)
    await sleep(RESTART_MS)
    put(member, null)
  }

  function put(old: Member, skew: Skew | null): void {
    const place = members.indexOf(old)
    if (!stopping && place !== -1) members[place] = start(old.name, skew)
  }

  /** From here on its end is ours. */
  function retire(old: Member): Member {
    const place = members.indexOf(old)
    const stand = { ...old, isFrozen: true }
    if (place !== -1) members[place] = stand
    return stand
  }

  return {
    awake: () => members.filter(({ running, isFrozen }) => !isFrozen && !running.hasExited()),
    pidsOf: () => members.map(({ running }) => running.pid),
    async kill(member, awayMs) {
      const stand = retire(member)
      member.running.signal('SIGKILL')
      await member.running.exited
      void sleep(awayMs).then(() => put(stand, null))
    },
    async freeze(member, forMs) {
      member.isFrozen = true
      member.running.signal('SIGSTOP')
      await sleep(forMs)
      member.running.signal('SIGCONT')
      member.isFrozen = false
    },
    async replace(member, skew) {
      const stand = retire(member)
      await member.running.stop()
      put(stand, skew)
    },
    async stop() {
      stopping = true
      for (const { running } of members) running.signal('SIGCONT')
      await Promise.all(members.map(async ({ running }) => running.stop()))
    },
  }
}

export function clockModule({ byMs, afterMs }: Skew): string {
  const module = pathToFileURL('bench/chaos/skew-clock.mjs')
  module.search = new URLSearchParams({ by: String(byMs), after: String(afterMs) }).toString()
  return module.href
}
