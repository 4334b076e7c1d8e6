import { parseTemplate } from './parse-template'
import type { Arguments, Block, Expression, Place } from './syntax'

/** A name a template reads from outside: `workload.api_url` is `['workload', 'api_url']`. */
export type TemplateReference = {
  path: string[]
  at: Place
  /** True under `is defined` and `default`, where it may be missing. */
  optional: boolean
  /** True where something is made of the value or depends on it; false where it is passed on whole or joined by `~`. */
  read: boolean
}

type Use = { optional?: boolean; read?: boolean }

/** Every outside name a template reads, in order. Throws TemplateError when it can't be read. */
export function templateReferences(source: string): TemplateReference[] {
  const references: TemplateReference[] = []
  collectBlocks(parseTemplate(source).blocks, new Set(), references)
  return references
}

const READ: Use = { read: true }

function collectBlocks(blocks: readonly Block[], own: Set<string>, found: TemplateReference[]): void {
  for (const block of blocks) {
    switch (block.kind) {
      case 'text':
        break
      case 'output':
        collect(block.value, own, found)
        break
      case 'set':
        collect(block.value, own, found)
        own.add(block.name)
        break
      case 'if':
        collect(block.condition, own, found, READ)
        collectBlocks(block.body, own, found)
        collectBlocks(block.otherwise, own, found)
        break
      case 'for':
        collect(block.list, own, found, READ)
        if (block.when !== null) collect(block.when, new Set([...own, ...block.names]), found, READ)
        collectBlocks(block.body, new Set([...own, 'loop', ...block.names]), found)
        collectBlocks(block.otherwise, own, found)
        break
    }
  }
}

function collect(expression: Expression, own: ReadonlySet<string>, found: TemplateReference[], use: Use = {}): void {
  switch (expression.kind) {
    case 'literal':
      return
    case 'name':
    case 'member':
      collectPath(expression, { own, found, use })
      return
    case 'test': {
      const asksForExistence = expression.name === 'defined' || expression.name === 'undefined'
      collect(expression.operand, own, found, { optional: asksForExistence, read: true })
      collectArguments(expression.args, own, found)
      return
    }
    case 'filter': {
      const passes = expression.name === 'default' || expression.name === 'd'
      collect(expression.input, own, found, { optional: passes, read: !passes || use.read === true })
      collectArguments(expression.args, own, found, { read: !passes || use.read === true })
      return
    }
    case 'call':
      collectArguments(expression.args, own, found)
      return
    case 'method':
      collect(expression.target, own, found, READ)
      collectArguments(expression.args, own, found)
      return
    default:
      for (const part of partsPassed(expression)) collect(part, own, found, { read: use.read === true })
      for (const part of partsRead(expression)) collect(part, own, found, READ)
  }
}

type Collecting = { own: ReadonlySet<string>; found: TemplateReference[]; use: Use }

function collectPath(expression: Expression, collecting: Collecting): void {
  const { own, found, use } = collecting
  const path: string[] = []
  let current = expression
  while (current.kind === 'member') {
    const { key } = current
    if (key.kind === 'literal') path.unshift(String(key.value))
    else {
      collect(key, own, found, READ)
      path.length = 0
    }
    current = current.target
  }
  if (current.kind !== 'name') return collect(current, own, found, { ...use, read: true })
  const whole = [current.name, ...path]
  // What is looked for inside of a secret is a look at it.
  const read = use.read === true || (current.name === 'secret' && path.length > 1)
  if (!own.has(current.name)) found.push({ path: whole, at: current.at, optional: use.optional === true, read })
}

function collectArguments(args: Arguments, own: ReadonlySet<string>, found: TemplateReference[], use = READ): void {
  for (const part of args.positional) collect(part, own, found, use)
  for (const { value } of args.named) collect(value, own, found, use)
}

type Composite = Exclude<Expression, { kind: 'literal' | 'name' | 'member' | 'test' | 'filter' | 'call' | 'method' }>

/** Parts that become the value, or a part of it, as they are. */
function partsPassed(expression: Composite): Expression[] {
  switch (expression.kind) {
    case 'list':
      return expression.items
    case 'object':
      return expression.entries.map(({ value }) => value)
    case 'binary':
      return expression.operator === '~' ? [expression.left, expression.right] : []
    case 'logic':
      return [expression.right]
    case 'choice':
      return [expression.whenTrue, expression.whenFalse].filter((part) => part !== null)
    case 'slice':
    case 'not':
    case 'sign':
    case 'in':
    case 'compare':
      return []
  }
}

function partsRead(expression: Composite): Expression[] {
  switch (expression.kind) {
    case 'slice':
      return [expression.target, expression.from, expression.to, expression.step].filter((part) => part !== null)
    case 'list':
      return []
    case 'object':
      return expression.entries.map(({ key }) => key)
    case 'not':
    case 'sign':
      return [expression.operand]
    case 'binary':
      return expression.operator === '~' ? [] : [expression.left, expression.right]
    case 'logic':
      return [expression.left]
    case 'in':
      return [expression.item, expression.container]
    case 'compare':
      return [expression.first, ...expression.rest.map(({ value }) => value)]
    case 'choice':
      return [expression.condition]
  }
}
