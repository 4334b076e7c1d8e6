import { parseTemplate } from './parse-template'
import type { Arguments, Block, Expression, Place } from './syntax'

/** A name a template reads from outside: `workload.api_url` is `['workload', 'api_url']`. */
export type TemplateReference = {
  path: string[]
  at: Place
  /** True under `is defined` and `default`, where it may be missing. */
  optional: boolean
}

/** Every outside name a template reads, in order. Throws TemplateError when it can't be read. */
export function templateReferences(source: string): TemplateReference[] {
  const references: TemplateReference[] = []
  collectBlocks(parseTemplate(source).blocks, new Set(), references)
  return references
}

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
        collect(block.condition, own, found)
        collectBlocks(block.body, own, found)
        collectBlocks(block.otherwise, own, found)
        break
      case 'for':
        collect(block.list, own, found)
        collectBlocks(block.body, new Set([...own, 'loop', ...block.names]), found)
        collectBlocks(block.otherwise, own, found)
        break
    }
  }
}

function collect(expression: Expression, own: ReadonlySet<string>, found: TemplateReference[], optional = false): void {
  switch (expression.kind) {
    case 'literal':
      return
    case 'name':
    case 'member':
      collectPath(expression, { own, found, optional })
      return
    case 'test': {
      const asksForExistence = expression.name === 'defined' || expression.name === 'undefined'
      collect(expression.operand, own, found, asksForExistence)
      collectArguments(expression.args, own, found)
      return
    }
    case 'filter':
      collect(expression.input, own, found, expression.name === 'default' || expression.name === 'd')
      collectArguments(expression.args, own, found)
      return
    case 'call':
      collectArguments(expression.args, own, found)
      return
    case 'method':
      collect(expression.target, own, found)
      collectArguments(expression.args, own, found)
      return
    default:
      for (const part of partsOf(expression)) collect(part, own, found)
  }
}

type Collecting = { own: ReadonlySet<string>; found: TemplateReference[]; optional: boolean }

function collectPath(expression: Expression, collecting: Collecting): void {
  const { own, found, optional } = collecting
  const path: string[] = []
  let current = expression
  while (current.kind === 'member') {
    const { key } = current
    if (key.kind === 'literal') path.unshift(String(key.value))
    else {
      collect(key, own, found)
      path.length = 0
    }
    current = current.target
  }
  if (current.kind !== 'name') collect(current, own, found, optional)
  else if (!own.has(current.name)) found.push({ path: [current.name, ...path], at: current.at, optional })
}

function collectArguments(args: Arguments, own: ReadonlySet<string>, found: TemplateReference[]): void {
  for (const part of args.positional) collect(part, own, found)
  for (const { value } of args.named) collect(value, own, found)
}

type Composite = Exclude<Expression, { kind: 'literal' | 'name' | 'member' | 'test' | 'filter' | 'call' | 'method' }>

function partsOf(expression: Composite): Expression[] {
  switch (expression.kind) {
    case 'slice':
      return [expression.target, expression.from, expression.to, expression.step].filter((part) => part !== null)
    case 'list':
      return expression.items
    case 'object':
      return expression.entries.flatMap(({ key, value }) => [key, value])
    case 'not':
    case 'sign':
      return [expression.operand]
    case 'binary':
    case 'logic':
      return [expression.left, expression.right]
    case 'in':
      return [expression.item, expression.container]
    case 'compare':
      return [expression.first, ...expression.rest.map(({ value }) => value)]
    case 'choice':
      return [expression.condition, expression.whenTrue, expression.whenFalse].filter((part) => part !== null)
  }
}
