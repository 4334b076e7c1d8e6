import { mostPauseMs } from '@/domain/execution/element-slot'
import type { ElementPlan } from '@/domain/execution/element-plan'
import type { HttpRequest } from '@/domain/http-message'
import type { Slot } from './request-budget'
import type { Surroundings } from './surroundings'

const AT_ONCE: Slot = { isGranted: true, waitMs: 0 }

/** Whether and when this request may go out by the step's rate limit, for which it is then reserved. Throws when the database is away. */
export async function slotFor(
  plan: ElementPlan,
  { request, hasSlot }: { request: HttpRequest; hasSlot: boolean },
  { budget: budgetOf }: Pick<Surroundings, 'budget'>,
): Promise<Slot> {
  if (plan.budget === null) return AT_ONCE
  const budget = budgetOf(plan.budget, request.url)
  // What the API says now goes before what was reserved earlier.
  if (hasSlot && !(await budget.isPaused())) return AT_ONCE
  const slot = await budget.take(mostPauseMs(plan))
  return slot.isGranted ? { isGranted: true, waitMs: Math.ceil(slot.waitMs) } : slot
}
