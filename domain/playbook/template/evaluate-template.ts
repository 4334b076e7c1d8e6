import { budgetAtOnce, checkTextLength, fullBudget, spend, spendText, withBudget, type Budget } from './budget'
import { evaluateExpression, type Evaluation } from './evaluate-expression'
import { hasTemplate, parseTemplate } from './parse-template'
import { readList } from './read-argument'
import { fullRoom, takeRoom, type Room } from './room'
import type { Scope } from './scope'
import { isSecretText, joinText, lengthOfText, type SecretText } from './secret-text'
import type { Block, Expression, Place } from './syntax'
import { TemplateError } from './template-error'
import { textOf } from './text-of'
import { dataObject, isDataObject, isTrue, kindOf, ownKeys, ownValue } from './values'

export type { Scope } from './scope'

const START: Place = { offset: 0, line: 1, column: 1 }

/**
 * A lone `{{ expression }}` gives its native value; anything else text, or SecretText when a secret is in it. `shared` is
 * the budget of all templates that belong together. Throws TemplateError.
 */
export function evaluateTemplate(source: string, scope: Scope, shared: Budget | null = null): unknown {
  if (!hasTemplate(source)) return source
  const parsed = parseTemplate(source)
  return guarded(scope, shared, (evaluation) =>
    parsed.lone === null ? renderBlocks(parsed.blocks, evaluation) : evaluateNative(parsed.lone, evaluation),
  )
}

/** Evaluates the templates of one thing, out of the budget that they share. Throws TemplateError. */
export type Evaluate = (template: string) => unknown

/** What stands left of the first comparison of a condition that is one; of any other, what `evaluateTemplate` gives. */
export function evaluateLeftSide(source: string, scope: Scope): unknown {
  const { lone } = parseTemplate(source)
  if (lone?.kind !== 'compare') return evaluateTemplate(source, scope)
  return guarded(scope, null, (evaluation) => evaluateNative(lone.first, evaluation))
}

/** Whether a condition holds by Python's truth: None, false, 0, '' and empty lists and objects don't. Throws TemplateError. */
export function evaluateCondition(source: string, scope: Scope, shared: Budget | null = null): boolean {
  const value = evaluateTemplate(source, scope, shared)
  return isTrue(value, { at: START, budget: shared ?? fullBudget() })
}

/** Evaluates every template inside JSON; keys stay as they are. Throws TemplateError. */
export function renderDeep(value: unknown, scope: Scope, shared: Budget = budgetAtOnce()): unknown {
  if (typeof value === 'string') return evaluateTemplate(value, scope, shared)
  return renderInside(value, { scope, shared, room: fullRoom() })
}

type Rendering = { scope: Scope; shared: Budget; room: Room }

function renderInside(value: unknown, rendering: Rendering): unknown {
  if (typeof value === 'string') {
    if (!hasTemplate(value)) return value
    const given = evaluateTemplate(value, rendering.scope, rendering.shared)
    takeRoom(rendering.room, given, START)
    return given
  }
  if (Array.isArray(value)) return value.map((item: unknown) => renderInside(item, rendering))
  if (!isDataObject(value)) return value
  return dataObject(ownKeys(value).map((key) => [key, renderInside(value[key], rendering)]))
}

/** The value of one expression, of a size that can be passed on. Throws TemplateError. */
export function evaluateNative(expression: Expression, evaluation: Evaluation): unknown {
  const value = evaluateExpression(expression, evaluation)
  if (!isPath(expression)) checkSize(value, evaluation.budget, 0)
  return value
}

/** Runs an evaluation with a budget of its own, or out of a shared one. Throws TemplateError, also where the stack ends. */
export function guarded<T>(scope: Scope, shared: Budget | null, evaluate: (evaluation: Evaluation) => T): T {
  try {
    return withBudget(shared, (budget) => evaluate({ scope, frame: { names: new Map(), outer: null }, budget }))
  } catch (error) {
    if (!(error instanceof RangeError)) throw error
    throw new TemplateError('this template does too much work and was stopped', START, { cause: error })
  }
}

function renderBlocks(blocks: readonly Block[], evaluation: Evaluation): string | SecretText {
  const parts: (string | SecretText)[] = []
  const output = { length: 0, write: (part: string | SecretText): void => void parts.push(part) }
  writeBlocks(blocks, evaluation, output)
  return joinText(parts)
}

type Output = { length: number; write: (part: string | SecretText) => void }

function writeBlocks(blocks: readonly Block[], evaluation: Evaluation, output: Output): void {
  for (const block of blocks) {
    const at = 'value' in block ? block.value.at : START
    spend(evaluation.budget, 1, at)
    switch (block.kind) {
      case 'text':
        write(block.text, at, output)
        break
      case 'output': {
        const value = evaluateExpression(block.value, evaluation)
        if (isSecretText(value)) spendText(evaluation.budget, lengthOfText(value), at)
        write(isSecretText(value) ? value : textOf(value, { at, budget: evaluation.budget }), at, output)
        break
      }
      case 'set':
        evaluation.frame.names.set(block.name, evaluateExpression(block.value, evaluation))
        break
      case 'if': {
        const held = isTrue(evaluateExpression(block.condition, evaluation), {
          at: block.condition.at,
          budget: evaluation.budget,
        })
        writeBlocks(held ? block.body : block.otherwise, evaluation, output)
        break
      }
      case 'for':
        writeLoop(block, evaluation, output)
        break
    }
  }
}

function write(part: string | SecretText, at: Place, output: Output): void {
  output.length += lengthOfText(part)
  checkTextLength(output.length, at)
  output.write(part)
}

type ForBlock = Extract<Block, { kind: 'for' }>

function writeLoop(block: ForBlock, evaluation: Evaluation, output: Output): void {
  const context = { at: block.at, budget: evaluation.budget }
  const over = evaluateExpression(block.list, evaluation)
  const pairs = block.names.length === 2 && isDataObject(over)
  const all = pairs ? ownKeys(over).map((key) => [key, ownValue(over, key)?.value]) : readList(over, context)
  const { when } = block
  const list = when === null ? all : all.filter((item) => isWanted(block, when, item, evaluation))
  if (list.length === 0) return writeBlocks(block.otherwise, evaluation, output)
  list.forEach((item, index) => {
    spend(evaluation.budget, 4, block.at)
    const inside = withNames(block, item, evaluation)
    inside.frame.names.set('loop', loopFacts(list, index))
    writeBlocks(block.body, inside, output)
  })
}

/** Whether the condition of a loop, which sees the loop's names only, holds for an element. */
function isWanted(block: ForBlock, when: Expression, item: unknown, evaluation: Evaluation): boolean {
  spend(evaluation.budget, 4, when.at)
  const value = evaluateExpression(when, withNames(block, item, evaluation))
  return isTrue(value, { at: when.at, budget: evaluation.budget })
}

function withNames(block: ForBlock, item: unknown, evaluation: Evaluation): Evaluation {
  const names = new Map<string, unknown>()
  unpack(block, item).forEach((value, position) => names.set(block.names[position] ?? '', value))
  return { ...evaluation, frame: { names, outer: evaluation.frame } }
}

function unpack(block: ForBlock, item: unknown): readonly unknown[] {
  if (block.names.length === 1) return [item]
  if (Array.isArray(item) && item.length === block.names.length) return item
  throw new TemplateError(`${block.names.length} names can't take ${kindOf(item)}`, block.at)
}

function loopFacts(list: readonly unknown[], index: number) {
  const { length } = list
  const neighbours: [string, unknown][] = []
  if (index > 0) neighbours.push(['previtem', list[index - 1]])
  if (index < length - 1) neighbours.push(['nextitem', list[index + 1]])
  return dataObject([
    ['index', index + 1],
    ['index0', index],
    ['revindex', length - index],
    ['revindex0', length - index - 1],
    ['first', index === 0],
    ['last', index === length - 1],
    ['length', length],
    ...neighbours,
  ])
}

/** A path gives back what was in the scope, already there; everything else was made here and may share parts without end. */
function isPath(expression: Expression): boolean {
  if (expression.kind === 'member') return isPath(expression.target)
  return expression.kind === 'name'
}

function checkSize(value: unknown, budget: Budget, depth: number): void {
  spend(budget, typeof value === 'string' ? 1 + value.length / 8 : 1, START)
  if (typeof value !== 'object' || value === null || isSecretText(value)) return
  if (depth > 200) throw new TemplateError('the value is nested too deeply', START)
  for (const item of Object.values(value)) checkSize(item, budget, depth + 1)
}
