import type { JsonObject } from '@/domain/json'
import { playbookJsonSchema } from '@/domain/playbook/json-schema'
import { AUTH, LOOPS, PAGINATES, PLAYBOOK, RESULTS, RETRIES, SINKS, STOP, TOOLS, type Example } from './examples'
import { dialectSection } from './dialect-section'
import { ERROR_WORDS, STOP_WORDS, WARNING_WORDS } from './outcome-words'
import { describeSchema, formsOf, memberOf, objectOf, renderKeys, textOf } from './render-keys'
import { resultsSection } from './results-section'
import { templatesSection } from './templates-section'

/** The reference of the playbook language as Markdown, out of its schema and the examples. */
export function renderReference(): string {
  const schema = playbookJsonSchema()
  const step = objectOf(objectOf(objectOf(schema['properties'])['workflow'])['items'])
  const http = memberOf(step, '', 'http')
  const parts = [
    INTRODUCTION,
    section('A playbook', renderKeys(schema), shown(PLAYBOOK)),
    section('metadata', renderKeys(memberOf(schema, 'metadata'))),
    section('expect', renderKeys(objectOf(memberOf(schema, 'expect')['items']))),
    ...steps(step),
    resultsSection(RESULTS),
    templatesSection(),
    section(
      'loop',
      describeSchema(memberOf(http, 'loop')),
      renderKeys(memberOf(http, 'loop')),
      LOOP_NOTES,
      ...all(LOOPS),
    ),
    ...retries(memberOf(http, 'retry')),
    ...paginates(memberOf(http, 'paginate')),
    section(
      'sink',
      describeSchema(memberOf(http, 'sink')),
      renderKeys(memberOf(http, 'sink')),
      SINK_NOTES,
      ...all(SINKS),
    ),
    ...authentications(memberOf(http, 'auth')),
    section(
      'How an iteration ends',
      END_NOTES,
      '### Stop reasons',
      words(STOP_WORDS),
      '### Warnings',
      words(WARNING_WORDS),
      '### Errors',
      words(ERROR_WORDS),
    ),
    dialectSection(),
  ]
  return `${parts.join('\n\n')}\n`
}

const INTRODUCTION = `# Playbook reference

A playbook is one YAML document. This page is written from the schema by \`npm run reference\`; every example is parsed,
and those that fetch are run, by a test. Keys in **bold** must be there. A *template* is text in which \`{{ … }}\` is
evaluated; a *path* is dotted (\`data.items\`, \`['odd.key']\`, \`[0]\`, \`[*]\`, \`[?(@.rel=='next')]\` for the
first element of a list with that member), with \`$\` for the whole body. All times are
seconds. Conditions may be written with or without \`{{ }}\`. A template may have 4,096 characters in one field, 32,768 in a
\`statement\` or a \`body\`.`

function steps(step: JsonObject): string[] {
  const common = ['step', 'desc', 'next']
  const shared = ['loop', 'sink']
  const http = memberOf(step, '', 'http')
  const pick = (keys: readonly string[]): string =>
    renderKeys(
      http,
      Object.keys(objectOf(http['properties'])).filter((key) => !keys.includes(key)),
    )
  const tools = ['http', 'postgres', 'transform', 'assert', 'playbook'].map((tool) => {
    const form = memberOf(step, '', tool)
    const about = describeSchema(memberOf(form, 'tool'))
    return subsection(
      `tool: ${tool}`,
      about,
      renderKeys(form, [...common, ...shared, 'tool']),
      ...all({ tool: TOOLS[tool] }),
    )
  })
  return [
    section('Steps', STEP_NOTES, pick([...common, ...shared])),
    subsection('next', renderKeys(objectOf(memberOf(http, 'next')['items'])), ...all({ route: TOOLS['route'] })),
    ...tools,
    subsection('rate_limit', describeSchema(memberOf(http, 'rate_limit')), renderKeys(memberOf(http, 'rate_limit'))),
  ]
}

function retries(retry: JsonObject): string[] {
  const [mapping = {}, list = {}, flat = {}, short = {}] = formsOf(retry)
  const onSuccess = memberOf(mapping, 'on_success')
  const onError = formsOf(memberOf(mapping, 'on_error'))[0] ?? {}
  const entry = objectOf(list['items'])
  return [
    section('retry', describeSchema(retry), RETRY_NOTES),
    subsection('on_error', describeSchema(onError), renderKeys(onError)),
    subsection('on_success', describeSchema(onSuccess), renderKeys(onSuccess), ...all({ mapping: RETRIES['mapping'] })),
    subsection(
      'next_call',
      describeSchema(memberOf(onSuccess, 'next_call')),
      renderKeys(memberOf(onSuccess, 'next_call')),
    ),
    subsection('collect', describeSchema(memberOf(onSuccess, 'collect')), renderKeys(memberOf(onSuccess, 'collect'))),
    subsection(
      'retry as a list',
      renderKeys(entry),
      'Under `then`:',
      renderKeys(memberOf(entry, 'then')),
      ...all({ list: RETRIES['list'] }),
    ),
    subsection('retry in the older flat form', renderKeys(flat), ...all({ flat: RETRIES['flat'] })),
    subsection('retry in one word', describeSchema(short), ...all({ short: RETRIES['short'] })),
  ]
}

function paginates(paginate: JsonObject): string[] {
  const none = memberOf(paginate, '', 'none')
  const common = Object.keys(objectOf(none['properties']))
  const types = formsOf(paginate).map((form) => {
    const type = memberOf(form, 'type')
    const name = textOf(type['const'])
    const own = Object.keys(objectOf(form['properties'])).some((key) => !common.includes(key))
    return subsection(
      `paginate: ${name}`,
      describeSchema(type),
      ...(own ? [renderKeys(form, common)] : []),
      ...(name === 'auto' ? [AUTO_NOTES] : []),
      ...all({ [name]: PAGINATES[name] }),
    )
  })
  return [
    section('paginate', describeSchema(paginate), 'Every type takes:', renderKeys(none, ['type'])),
    subsection('stop', describeSchema(memberOf(none, 'stop')), renderKeys(memberOf(none, 'stop')), shown(STOP)),
    ...types,
  ]
}

function authentications(auth: JsonObject): string[] {
  const types = formsOf(auth).map((form) => {
    const type = memberOf(form, 'type')
    const name = textOf(type['const'])
    return subsection(`auth: ${name}`, describeSchema(type), renderKeys(form, ['type']), ...all({ [name]: AUTH[name] }))
  })
  return [section('auth', describeSchema(auth)), ...types]
}

const STEP_NOTES =
  'A workflow begins at the step `start` and ends at `end`, or where no `next` applies. A step makes one call of a tool, once or, with `loop`, for each element. A step without a tool only says where to go on. Every step takes the first three keys, every step with a tool all of these:'
const LOOP_NOTES =
  'Elements are picked by `where`, then sorted, then limited. Templates see the element by its name, `_loop.index` (from 0), `_loop.count` (from 1) and `_loop.size`. The result is `{results: […in order…], stats: {total, success, failed, skipped, pages, items}}`.'
const RETRY_NOTES =
  'An error policy counts the tries of one page, the first included; the pages before it stay. `Retry-After` and `RateLimit-Reset` win over the computed delay, `min(max_delay, initial_delay * backoff_multiplier^(n-1))`. Without a policy 408, 425, 429, 500, 502–504, 520–524, timeouts and broken connections of idempotent methods get 3 tries. Conditions see `error` (`kind status message type retryable attempt`), `response` (the body) and `http` (`status headers url`). What the try gave is also `result`, or `this`, by NoETL’s names (`status_code success data`), in `on_success` and `next_call` as well.'
const AUTO_NOTES =
  'The first answer is read for echoed pages and offsets, totals, next tokens and links. The best guess is proved by one second page, none of whose items may have been on the first; a wrong guess is refused and the next one tried before anything of it is saved. When no guess holds and the API says that there is more, that is the error `auto_unproven`. Choice and evidence are in the event of the page (`next.auto`). Page numbers and offsets in a form or anywhere in a JSON body are found as well, and tokens are placed there. Pages are fetched one after another until that proof; from then on `parallel` does what it does for the type that was chosen. The editor’s *Detect pagination* does the same with two pages and writes the explicit block down (`POST /api/playbooks/detect`).'
const SINK_NOTES =
  'A sink on the step runs once with the step’s `result`; inside `on_success` or `then` once an iteration, after its last page; with `per: page` after each page, with `response`.'
const END_NOTES = 'Every iteration ends with one stop reason or one error. Warnings stop nothing and are always shown.'

const section = (title: string, ...parts: string[]): string =>
  [`## ${title}`, ...parts].filter((part) => part !== '').join('\n\n')

const subsection = (title: string, ...parts: string[]): string => `#${section(title, ...parts)}`

const shown = ({ yaml }: Example): string => `\`\`\`yaml\n${yaml.trimEnd()}\n\`\`\``

/** The examples of a group. Throws where the schema has a form without one. */
const all = (examples: Readonly<Record<string, Example | undefined>>): string[] =>
  Object.entries(examples).map(([name, example]) => {
    if (example === undefined) throw new Error(`${name} has no example`)
    return shown(example)
  })

const words = (entries: Readonly<Record<string, string>>): string =>
  ['| | |', '| --- | --- |', ...Object.entries(entries).map(([name, text]) => `| \`${name}\` | ${text} |`)].join('\n')
