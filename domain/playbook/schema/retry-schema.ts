import { z } from 'zod'
import { sinkSchema } from './postgres-schema'
import {
  anyJson,
  count,
  countSetting,
  expression,
  flag,
  jsonObject,
  list,
  method,
  oneOf,
  path,
  seconds,
  template,
} from './scalars'
import { oneForm } from './one-form'
import { strictKeys } from './strict-keys'

const NAME = /^[A-Za-z_][A-Za-z0-9_]{0,99}$/

const nextCallSchema = strictKeys('next_call', {
  params: jsonObject.optional().describe('Query parameters of the next request, merged into the previous ones.'),
  headers: jsonObject.optional().describe('Headers of the next request, merged into the previous ones.'),
  body: anyJson
    .optional()
    .describe('Body of the next request; an object is merged into a previous one, as JSON or as a form.'),
  json: anyJson
    .optional()
    .describe(
      'JSON body of the next request; an object is merged into the previous one, at every depth. A list takes the place of the one before as a whole.',
    ),
  url: template
    .optional()
    .describe('URL of the next request; what its query names takes the place of previous parameters.'),
  method: template.optional().describe('Method of the next request.'),
}).describe('What the next request changes; everything else stays as it was.')

const collectSchema = strictKeys('collect', {
  path: path.default('').describe('Where the items lie in the body; "" is the whole body.'),
  strategy: oneOf(['append', 'extend', 'replace', 'collect'])
    .default('append')
    .describe(
      'append joins the lists of all pages, replace keeps the last page (only its items are counted and exported), collect makes a list of pages, each of which is one item; extend is append.',
    ),
  into: z
    .string({ error: 'a name' })
    .regex(NAME, { error: 'a name of letters, digits and _' })
    .optional()
    .describe('Another name of the result: in the sink, and of a step without a loop as step.name.'),
}).describe('How the pages become one result.')

const delays = {
  max_attempts: count.optional().describe('Tries of one page, the first included. Default: 3.'),
  initial_delay: seconds.optional().describe('Seconds before the second try. Default: 1.'),
  backoff_multiplier: z
    .number({ error: 'a number' })
    .min(1, { error: 'a number of at least 1' })
    .optional()
    .describe('Each delay is this many times the one before. Default: 2.'),
  max_delay: seconds.optional().describe('No computed delay is longer, in seconds. Default: 60.'),
}
const errorRules = {
  ...delays,
  jitter: flag.optional().describe('A random delay between 0 and the computed one. Default: false.'),
  methods: list(method)
    .min(1, { error: 'a list of at least one method (leave it out for all that may be sent twice)' })
    .optional()
    .describe('Only requests of these methods are tried again.'),
  max_wait: seconds.optional().describe('A longer wait asked for by the API is an error, in seconds. Default: 3600.'),
}
const successRules = {
  max_attempts: countSetting(1).optional().describe('The most pages.'),
  next_call: nextCallSchema.optional(),
  collect: collectSchema.optional(),
  sink: sinkSchema.optional(),
}

const errorPolicySchema = strictKeys('on_error', {
  when: expression
    .optional()
    .describe('Over error (kind, status, message, type, retryable, attempt): whether to try again.'),
  ...errorRules,
}).describe('When a failed page is tried again.')

const successPolicySchema = strictKeys('on_success', {
  while: expression.optional().describe('Over response: whether another page follows.'),
  ...successRules,
}).describe('How to go on to the next page.')

const mappingRetrySchema = strictKeys('retry', {
  on_error: z
    .union([errorPolicySchema, list(errorPolicySchema)])
    .optional()
    .describe('When a failed page is tried again; of a list, the first whose when holds.'),
  on_success: successPolicySchema.optional(),
})

const flatRetrySchema = strictKeys('retry', {
  ...delays,
  jitter: errorRules.jitter,
  retry_when: expression
    .optional()
    .describe('Over the failed try, as error or status_code, data, attempt: whether to try again.'),
  stop_when: expression.optional().describe('Over the same: whether to give up.'),
})

const shortRetrySchema = z
  .union([z.boolean(), count], { error: 'true, false, or how many tries a page has' })
  .describe('true: the defaults; a number: tries of one page, the first included; false: one try.')

const thenSchema = strictKeys('then', {
  ...errorRules,
  ...successRules,
  max_attempts: countSetting(1).optional().describe('For an error, tries of one page; for a response, the most pages.'),
})

const listRetrySchema = list(
  strictKeys('an entry of retry', {
    when: expression.describe('Over error, or over response: the first entry that holds is taken.'),
    // oxlint-disable-next-line unicorn/no-thenable -- the word of the language
    then: thenSchema.describe('What to do.'),
  }),
)

const FLAT_KEYS: readonly string[] = [
  'jitter',
  'max_attempts',
  'initial_delay',
  'backoff_multiplier',
  'max_delay',
  'retry_when',
  'stop_when',
]

/** The form is told by its shape, so that a fault is one of the form that was meant. */
export const retrySchema = oneForm<RetrySource>({
  forms: [mappingRetrySchema, listRetrySchema, flatRetrySchema, shortRetrySchema],
  choose: (value) => {
    if (typeof value === 'boolean' || typeof value === 'number') return shortRetrySchema
    if (Array.isArray(value)) return listRetrySchema
    const keys = typeof value === 'object' && value !== null ? Object.keys(value) : []
    const isFlat = keys.some((key) => FLAT_KEYS.includes(key)) && !keys.some((key) => key.startsWith('on_'))
    return isFlat ? flatRetrySchema : mappingRetrySchema
  },
}).describe('When a page is tried again, and how to go on to the next one.')

type MappingRetrySource = z.input<typeof mappingRetrySchema>
export type ListRetrySource = z.input<typeof listRetrySchema>
export type FlatRetrySource = z.input<typeof flatRetrySchema>
export type ShortRetrySource = z.input<typeof shortRetrySchema>
export type RetrySource = MappingRetrySource | ListRetrySource | FlatRetrySource | ShortRetrySource
export type ErrorPolicySource = z.input<typeof errorPolicySchema>
export type SuccessPolicySource = z.input<typeof successPolicySchema>
