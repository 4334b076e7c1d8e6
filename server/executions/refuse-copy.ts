import { DomainError } from '@/domain/domain-error'

/** Comments, quoted texts and names, and texts between dollars: what stands in them is no SQL of the statement itself. */
const QUOTED =
  /--[^\n]*|\/\*(?:[^*]|\*(?!\/))*\*\/|\b[eE]'(?:[^'\\]|\\[\s\S]|'')*'|'(?:[^']|'')*'|"(?:[^"]|"")*"|(\$(?:[A-Za-z_]\w*)?\$)[\s\S]*?\1/g

/** What COPY reads or writes is then not the server's file but the connection, which speaks of nothing else meanwhile. */
const COPY = /^\s*copy\b[\s\S]*\b(?:from|to)\s+(?:stdin|stdout)\b/i

/** Refuses COPY through the connection: nothing could be sent, and what came would be lost. Throws DomainError. */
export function refuseCopy(sql: string): void {
  const plain = sql.replaceAll(QUOTED, (quoted) => (/^["$']|^e'/i.test(quoted) ? '""' : ' '))
  if (!plain.split(';').some((statement) => COPY.test(statement))) return
  throw new DomainError(
    'statement_refused',
    "COPY FROM STDIN or TO STDOUT can't be a statement of a playbook: it has no rows to send, and would keep none that came.",
    { hint: 'To store rows give table and data instead of a statement, which is as fast; to read rows use SELECT.' },
  )
}
