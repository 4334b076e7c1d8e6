import type { AutoProgress } from './auto-progress'
import { chosenPaginator } from './element-paginator'
import type { ElementPlan } from './element-plan'

/** The plan with its automatic pagination replaced by the first candidate. Pages aren't fetched at once before the way to them is proved. */
export function planInForce(plan: ElementPlan, auto: AutoProgress): ElementPlan {
  const [candidate] = auto.candidates
  if (candidate === undefined) return plan
  const paginator = chosenPaginator(plan.paginator, candidate.paginate)
  return { ...plan, paginator: auto.stage === 'proved' ? paginator : { ...paginator, parallel: 1 } }
}
