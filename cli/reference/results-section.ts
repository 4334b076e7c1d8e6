import type { Example } from './examples'

/** What the steps that come after one can read of it. */
export const resultsSection = (example: Example): string => `## What a step gives

A later step reads an earlier one by its name. Every step with a tool has \`step.status\` and
\`step.stats\` (\`total success failed skipped\`, and of an http step \`pages items\`). With a \`loop\` there is \`step.results\`: what each
iteration gave, in the order of the collection, null for one that failed. Without one there is \`step.result\`, and its
fields directly, as \`step.rows\`; a field called \`status\`, \`stats\`, \`result\` or \`results\` only as \`step.result.status\`.

| tool | what one call gives |
| --- | --- |
| \`http\` | the body; with \`paginate\` or \`on_success\` the items of all pages in one list, by \`collect\` another way |
| \`postgres\` | \`rows\` (a list of objects by column) and \`row_count\` |
| \`transform\` | what the expression gives, null for nothing |
| \`assert\` | \`checks\`; one that does not hold fails the step |
| \`playbook\` | of the child: \`execution_id\`, \`status\`, \`stats\` (\`elements failed pages items retries\`) and \`steps\`, by name; larger results than 1 MiB stay in the child |

Several entries of \`next\` whose \`when\` holds are all taken, and run beside each other. A step that several lead to runs
once, after all that can still reach it. A step that no way led to is skipped: its name is not there, so write
\`name is defined\` or \`default(…)\` where that may be. A loop over an empty list completes, with \`results: []\`. When a
step fails, what runs beside it still ends, nothing new begins, and the run is FAILED.

A \`statement\` may hold several statements when no value is in it; with values it is one. It runs in the local database
under a role that may create schemas of its own.

\`\`\`yaml
${example.yaml.trimEnd()}
\`\`\``
