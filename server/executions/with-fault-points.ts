import type { PageWriter } from '../db/page-writer'
import { env } from '../env'
import { faultPoint } from '../fault-point'
import type { Surroundings } from './surroundings'

type Place = { around: Surroundings; writer: PageWriter }

/** What a worker works in, with the fault points of a page's way around it; untouched when no fault is asked for. */
export function withFaultPoints({ around, writer }: Place): Place {
  if (env.FAULT === undefined) return { around, writer }
  return { around: faultyAround(around), writer: faultyWriter(writer) }
}

function faultyAround(around: Surroundings): Surroundings {
  const { store } = around
  return {
    ...around,
    async send(...request) {
      faultPoint('asking')
      const outcome = await around.send(...request)
      faultPoint('answered')
      return outcome
    },
    async enqueue(...ticket) {
      faultPoint('parked')
      const taken = await around.enqueue(...ticket)
      faultPoint('alarm-set')
      return taken
    },
    store: {
      ...store,
      async claim(request) {
        const claim = await store.claim(request)
        if (claim !== null) faultPoint('claimed')
        return claim
      },
      async release(claim) {
        await store.release(claim)
        faultPoint('released')
      },
    },
  }
}

function faultyWriter(writer: PageWriter): PageWriter {
  return {
    ...writer,
    async write(commit) {
      if (commit.page !== null) faultPoint('before-commit')
      if (commit.status === 'WAITING') faultPoint('before-park')
      const result = await writer.write(commit)
      if (commit.page !== null) faultPoint('committed')
      return result
    },
    async settle(settlement) {
      faultPoint('before-settle')
      const handed = await writer.settle(settlement)
      faultPoint('settled')
      if (handed.next !== null) faultPoint('handed-over')
      return handed
    },
  }
}
