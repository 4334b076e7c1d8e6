import { FILTERS } from '@/domain/playbook/template/filters-table'
import { FUNCTIONS, METHODS_OF_OBJECTS, METHODS_OF_TEXTS } from '@/domain/playbook/template/functions-table'
import type { OperationTable } from '@/domain/playbook/template/operation'
import { TESTS } from '@/domain/playbook/template/tests-table'

/** What templates can do, with the filters, tests and functions that there are. */
export const templatesSection = (): string => `## Templates

\`{{ expression }}\`, \`{% if %} … {% elif %} … {% else %} … {% endif %}\`, \`{% for x in list %} … {% endfor %}\` and \`{% set %}\`, as in
Jinja. A value that is one \`{{ expression }}\` keeps its type: a list stays a list, a number a number. Anything else is
text. A value that begins with \`{{\` needs quotes in YAML. A name that is not there is an error, except under
\`is defined\` and \`default(…)\`. Expressions are those of Python: \`a.b\`, \`a['b']\`, \`a[0]\`, \`a[1:3]\`, \`+ - * / // % **\`, \`~\` joins
texts, \`== != < <= > >=\`, \`and or not\`, \`in\`, \`x if condition else y\`, \`[1, 2]\`, \`{'a': 1}\`.

Everywhere there are \`workload\`, \`env\` (names that PAGETURNER_TEMPLATE_ENV allows), \`execution_id\` and every step that has
finished, by its name; \`secret.NAME\` where a request is made (\`url params headers body json form auth next_call\`), in the
workload and in a \`collection\`. Besides these:

| in | there are also |
| --- | --- |
| a step with \`loop\` | the element by its name, \`_loop.index\`, \`_loop.count\`, \`_loop.size\`; not in \`collection\`, \`limit\`, \`concurrency\` and \`chunk_size\` |
| \`on_error.when\`, \`retry_when\`, \`stop_when\` | \`error\`, \`response\` (the body), \`http.status\`, \`http.headers\`, \`http.url\`, \`result\` or \`this\` |
| \`while\`, \`next_call\` | \`response\`, \`http\`, \`result\` or \`this\` |
| \`fail_when\`, \`stop.when\` | \`response\`, \`http\` |
| \`filter\`, \`item_when\` | \`item\`, \`response\`, \`http\` |
| \`sink\` | \`result\` or \`this\` (items of the page, the iteration or the step), \`response\` (the last body), \`http.status\`, \`http.headers\`, \`iteration.index\`, \`.pages\`, \`.items\`, \`.stop_reason\`, \`page\` (its number, with \`per: page\`), and the name that \`collect.into\` gives |

| | |
| --- | --- |
| filters | ${calls(FILTERS)} |
| tests, after \`is\` | ${calls(TESTS)} |
| functions | ${calls(FUNCTIONS)} |
| methods of texts | ${calls(METHODS_OF_TEXTS)} |
| methods of objects | ${calls(METHODS_OF_OBJECTS)} |`

/** `name(argument, optional?)` of each. */
const calls = (table: OperationTable): string =>
  Array.from(table, ([name, { params, required }]) => {
    const taken = params.map((param, index) => (index < required ? param : `${param}?`))
    return `\`${name}${taken.length === 0 ? '' : `(${taken.join(', ')})`}\``
  }).join(', ')
