import { DIALECT_WORDS } from '@/domain/playbook/text/noetl-words'

/** What NoETL's dialects write in another way: the validator says the same at the place itself. */
export const dialectSection = (): string => `## Coming from NoETL

Playbooks with \`loop\` and \`retry\` of NoETL run as they are where they keep to the keys above. What its versions write in
another way is refused, and the validator says at each place what to write:

| in | instead of | |
| --- | --- | --- |
${DIALECT_WORDS.flatMap(({ where, words }) => rows(where, words)).join('\n')}`

/** Words that are written the same way share a row. */
function rows(where: string, words: Readonly<Record<string, string>>): string[] {
  const byHint = new Map<string, string[]>()
  for (const [word, hint] of Object.entries(words)) byHint.set(hint, [...(byHint.get(hint) ?? []), word])
  return Array.from(
    byHint,
    ([hint, same]) => `| ${where} | ${same.map((word) => `\`${word}\``).join(', ')} | ${hint} |`,
  )
}
