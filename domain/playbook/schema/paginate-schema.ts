import { z } from 'zod'
import { anyJson, count, countSetting, expression, flag, list, oneOf, path, seconds, text } from './scalars'
import { strictKeys } from './strict-keys'

const status = z
  .int({ error: 'an HTTP status' })
  .min(100, { error: 'an HTTP status' })
  .max(599, { error: 'an HTTP status' })

const stopSchema = strictKeys('stop', {
  has_more_path: path.optional().describe('Where the body says whether more follows.'),
  total_items_path: path.optional().describe('Where the body says how many items there are.'),
  total_items_header: text.optional().describe('The header that says how many items there are.'),
  total_pages_path: path.optional().describe('Where the body says how many pages there are.'),
  empty_page: flag.default(true).describe('A page without items is the last.'),
  short_page: flag.default(false).describe('A page with fewer items than asked for is the last.'),
  status_codes: list(status).default([]).describe('Statuses that mean the end instead of an error.'),
  when: expression.optional().describe('Over response: whether this was the last page.'),
  item_when: expression.optional().describe('Over item: cut before the first item it holds for, and stop.'),
  max_pages: countSetting(1).optional().describe('The most pages.'),
  max_items: countSetting(1).optional().describe('The most items.'),
}).describe('When no further page is asked for.')

const common = {
  in: oneOf(['query', 'header', 'path', 'json', 'form'])
    .optional()
    .describe(
      'Where the token goes in the request. Default: query; json for graphql; auto finds it out. In a path it takes the place of `{param}`; a first request without a token leaves `/{param}` at the end of the path out.',
    ),
  items: path
    .optional()
    .describe('Where the items lie in the body; $ is the whole body. Without it: guessed and shown.'),
  inject_first: flag.default(true).describe('Whether the first request carries the first token.'),
  parallel: count
    .max(100, { error: 'at most 100' })
    .default(1)
    .describe(
      'Pages fetched at once when the total is known. Where a page of an offset comes shorter than page 1 makes it due, what it lacks is asked for by itself, as a page of its own that is numbered when it is opened; items beyond its due are left to the pages they belong to.',
    ),
  interval: seconds.default(0).describe('Seconds between two pages.'),
  stop: stopSchema.optional(),
  on_page_error: oneOf(['fail', 'skip', 'stop'])
    .default('fail')
    .describe(
      'A page that failed for good: fail the iteration, skip the page and go on, or stop and keep what there is.',
    ),
  dedupe: path.optional().describe('The field of an item that makes it unique: repeats are dropped and counted.'),
  filter: expression.optional().describe('Over item: whether to keep it. It still counts for page size and totals.'),
  loop_guard: oneOf(['all', 'token', 'content', 'off'])
    .default('all')
    .describe('What must not come twice. Unless it is off, a thousand empty pages in a row are a loop as well.'),
}

const startError = 'a whole number of 0 or more, or a template'
const start = z.union(
  [
    z.int({ error: startError }).min(0, { error: startError }),
    z.string({ error: startError }).regex(/\{\{/, { error: startError }),
  ],
  {
    error: startError,
  },
)
const limit = countSetting(1)

export const paginateSchema = z
  .discriminatedUnion(
    'type',
    [
      strictKeys('paginate by page', {
        type: z.literal('page').describe('Page numbers.'),
        param: text.default('page').describe('The parameter of the page number.'),
        start: start.default(1).describe('The first page number.'),
        limit_param: text.optional().describe('The parameter of the page size.'),
        limit: limit.optional().describe('Items a page.'),
        ...common,
      }),
      strictKeys('paginate by offset', {
        type: z.literal('offset').describe('Offsets; advances by the items received.'),
        param: text.default('offset').describe('The parameter of the offset.'),
        start: start.default(0).describe('The first offset.'),
        limit_param: text.default('limit').describe('The parameter of the page size.'),
        limit: limit.optional().describe('Items a page.'),
        ...common,
      }),
      strictKeys('paginate by cursor', {
        type: z.literal('cursor').describe('A token out of the body or a header.'),
        path: path.optional().describe('Where the next cursor lies in the body.'),
        header: text.optional().describe('The header that holds the next cursor.'),
        param: text.default('cursor').describe('The parameter of the cursor.'),
        end_values: list(anyJson)
          .default([null, '', false])
          .describe('Cursors that mean the end. The number 0 is a cursor.'),
        ...common,
      }),
      strictKeys('paginate by last_record', {
        type: z.literal('last_record').describe('A field of the last item asks for what follows it.'),
        field: path.describe('The field of the last item.'),
        param: text.describe('The parameter that takes it.'),
        ...common,
      }),
      strictKeys('paginate by next_url', {
        type: z.literal('next_url').describe('The body holds the URL of the next page.'),
        path: path.describe('Where the next URL lies in the body.'),
        ...common,
      }),
      strictKeys('paginate by link', {
        type: z.literal('link').describe('The Link header of RFC 8288.'),
        rel: text.default('next').describe('The relation to follow.'),
        ...common,
      }),
      strictKeys('paginate by graphql', {
        type: z.literal('graphql').describe('Relay connections.'),
        page_info: path.describe('Where pageInfo lies in the body.'),
        param: text.default('variables.cursor').describe('The variable of the cursor.'),
        backward: flag.default(false).describe('Page backwards, by startCursor and hasPreviousPage.'),
        ...common,
      }),
      strictKeys('paginate', {
        type: z.literal('auto').describe('Picks a way from evidence and shows it.'),
        ...common,
      }),
      strictKeys('paginate', { type: z.literal('none').describe('One request.'), ...common }),
    ],
    { error: 'an object with a type: page, offset, cursor, last_record, next_url, link, graphql, auto or none' },
  )
  .describe('How the pages of one request follow each other.')

export type PaginateSource = z.infer<typeof paginateSchema>
