import { setVariables } from '@/server/env'
import { drawScenario } from './scenario'
import { simulate, simulateSeed } from './simulate'
import { tellSimulated } from './tell-simulated'

/** `npm run simulate -- 123` shows the run of a seed; `npm run simulate -- 0-100000` looks for a seed that breaks a promise. */
async function main([wanted = '']: readonly string[]): Promise<number> {
  const [, from, to] = /^(\d+)(?:-(\d+))?$/.exec(wanted) ?? []
  if (from === undefined) {
    console.error('Which seed? For example: npm run simulate -- 123, or npm run simulate -- 0-100000')
    return 2
  }
  if (to === undefined) {
    const simulated = await simulate(drawScenario(Number(from)), { traced: true })
    console.log(tellSimulated(simulated))
    return simulated.violations.length === 0 ? 0 : 1
  }
  for (let seed = Number(from); seed <= Number(to); seed++) {
    const simulated = await simulateSeed(seed)
    if (simulated.violations.length === 0) continue
    console.log(tellSimulated(simulated))
    return 1
  }
  console.log(`Seeds ${from} to ${to} keep every promise.`)
  return 0
}

setVariables({ LOG_LEVEL: 'silent' })
process.exitCode = await main(process.argv.slice(2))
