import type { AutoProgress } from './auto-progress'
import { chosenPaginator } from './element-paginator'
import type { ElementPlan } from './element-plan'

/** The plan with its automatic pagination replaced by the first candidate. */
export function planInForce(plan: ElementPlan, auto: AutoProgress): ElementPlan {
  const [candidate] = auto.candidates
  return candidate === undefined ? plan : { ...plan, paginator: chosenPaginator(plan.paginator, candidate.paginate) }
}
