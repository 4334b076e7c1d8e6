import type { Completion, CompletionContext, CompletionResult } from '@codemirror/autocomplete'
import type { JsonObject } from '@/domain/json'
import { NO_NAMES, playbookNames, type PlaybookNames } from './playbook-names'
import { keysAt, valuesAt, type SchemaKey } from './schema-walk'
import { yamlPlace } from './yaml-place'

/** Completion of keys and values from the schema of the language, of step names, and of names inside templates. */
export function playbookCompletion(schema: JsonObject) {
  let names: PlaybookNames = NO_NAMES
  return (context: CompletionContext): CompletionResult | null => {
    const text = context.state.doc.toString()
    names = playbookNames(text, names)
    const template = templateBefore(text, context.pos)
    if (template !== null) return inTemplate(template, context.pos, names)
    const place = yamlPlace(text, context.pos)
    if (place === null || (place.word === '' && !context.explicit && place.at.kind === 'key')) return null
    const options =
      place.at.kind === 'key'
        ? keyOptions(schema, place.path, place.at)
        : valueOptions(schema, place.path, place.at.key, names)
    return options.length === 0 ? null : { from: place.from, options, validFor: /^[\w./-]*$/ }
  }
}

type KeyPlace = { siblings: readonly string[]; written: Readonly<Record<string, string>> }

function keyOptions(schema: JsonObject, path: readonly string[], { siblings, written }: KeyPlace): Completion[] {
  return keysAt(schema, path, written)
    .filter(({ name }) => !siblings.includes(name))
    .map((key) => ({
      label: key.name,
      type: 'property',
      apply: applied(key),
      detail: key.isRequired ? 'required' : '',
      boost: key.isRequired ? 2 : 0,
      ...(key.description !== null && { info: key.description }),
    }))
}

const applied = ({ name, isMapping, isList }: SchemaKey): string => (isMapping || isList ? `${name}:` : `${name}: `)

function valueOptions(schema: JsonObject, path: readonly string[], key: string, names: PlaybookNames): Completion[] {
  const isStep = key === 'step' && path.includes('next')
  const values = isStep ? names.steps : valuesAt(schema, [...path, key])
  return values.map((label) => ({ label, type: isStep ? 'variable' : 'enum' }))
}

/** The expression before the cursor when it stands inside `{{ … }}` or `{% … %}`. */
function templateBefore(text: string, offset: number): string | null {
  const line = text.slice(text.lastIndexOf('\n', offset - 1) + 1, offset)
  return /\{[{%]((?:(?![}%]\}).)*)$/.exec(line)?.[1] ?? null
}

const LOOP_FIELDS = ['index', 'count', 'size']
const RESPONSE_NAMES = ['response', 'http', 'error', 'result', 'this']
const ERROR_FIELDS = ['kind', 'status', 'message', 'type', 'retryable', 'attempt']
const STEP_FIELDS = ['results', 'stats']
const STATS = ['total', 'success', 'failed', 'skipped', 'pages', 'items']
const FILTERS = [
  'int',
  'float',
  'length',
  'tojson',
  'default',
  'lower',
  'upper',
  'trim',
  'join',
  'first',
  'last',
  'round',
]

function inTemplate(expression: string, offset: number, names: PlaybookNames): CompletionResult | null {
  const filter = /\|\s*(\w*)$/.exec(expression)
  if (filter !== null) return listed(FILTERS, filter[1] ?? '', offset, 'function')
  const member = /([\w.]+)\.(\w*)$/.exec(expression)
  if (member !== null) return listed(fieldsOf(member[1] ?? '', names), member[2] ?? '', offset, 'property')
  const word = /(\w*)$/.exec(expression)?.[1] ?? ''
  const roots = [
    'workload',
    'secret',
    'execution_id',
    ...names.steps,
    ...names.elements.flatMap(({ name }) => [name, '_loop']),
    ...RESPONSE_NAMES,
  ]
  return listed([...new Set(roots)], word, offset, 'variable')
}

function fieldsOf(name: string, { workload, elements, steps }: PlaybookNames): string[] {
  if (name === 'workload') return workload
  if (name === '_loop') return LOOP_FIELDS
  if (name === 'error') return ERROR_FIELDS
  if (name === 'http') return ['status', 'headers']
  if (name.endsWith('.stats')) return STATS
  const element = elements.find((candidate) => candidate.name === name)
  if (element !== undefined) return element.fields
  return steps.includes(name) ? STEP_FIELDS : []
}

function listed(labels: readonly string[], word: string, offset: number, type: string): CompletionResult | null {
  if (labels.length === 0) return null
  return { from: offset - word.length, options: labels.map((label) => ({ label, type })), validFor: /^\w*$/ }
}
