import { setImmediate as nextTurn } from 'node:timers/promises'
import { DomainError } from '@/domain/domain-error'
import { conditionActual } from '@/domain/execution/condition-actual'
import { errorFactsOf } from '@/domain/execution/error-facts'
import type { ErrorFacts, NewEvent } from '@/domain/execution/events'
import { iterationEvent } from '@/domain/execution/workflow-events'
import type { AssertStep } from '@/domain/playbook/playbook'
import { evaluateCondition, type Scope } from '@/domain/playbook/template/evaluate-template'
import { done, failedWith, type ActionEnd } from './action-end'
import type { ElementWork } from './element-work'
import { keepResult } from './run-query'

type Work = ElementWork<AssertStep>
type Check = { name: string; passed: boolean; that: string; actual: unknown; error?: ErrorFacts }

/**
 * Checks every condition, whatever became of those before; one that did not hold, or could not be evaluated, fails the
 * iteration. Each is an event; in a loop only those that did not hold, which are the ones to look for among thousands.
 */
export async function runAssert(work: Work): Promise<ActionEnd> {
  const checks: Check[] = []
  for (const condition of work.step.that) {
    checks.push(check(condition, work.scope))
    // Each may take a second, in which no lease is renewed.
    await nextTurn()
  }
  const broken = checks.filter(({ passed }) => !passed)
  const told = work.step.loop === null ? checks : broken
  await keepResult(work, { checks }, { events: told.map((check) => checked(work, check)) })
  if (broken.length === 0) return done()
  const names = broken.map(({ name, error }) => (error === undefined ? name : `${name} (${error.message})`)).join(', ')
  return failedWith({ kind: 'assertion_failed', message: `What should hold does not: ${names}.` })
}

function check({ name, expr }: AssertStep['that'][number], scope: Scope): Check {
  try {
    const passed = evaluateCondition(expr, scope)
    return { name, passed, that: expr, actual: conditionActual(expr, scope) }
  } catch (error) {
    if (!(error instanceof DomainError)) throw error
    return { name, passed: false, that: expr, actual: null, error: errorFactsOf(error) }
  }
}

/** In the list of all checks of a run a name needs its step, and its element. */
function checked({ key, step, claim }: Work, { name, ...facts }: Check): NewEvent {
  const where = step.loop === null ? key.step : `${key.step} ${claim.label ?? `#${key.index}`}`
  const context = { name: `${where}: ${name}`, ...facts }
  return iterationEvent('expectation_checked', facts.passed ? 'COMPLETED' : 'FAILED', key, context)
}
