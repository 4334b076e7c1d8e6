/** One thing that is wrong, or doubtful, in the text of a playbook, and where. */
export type Diagnostic = {
  /** A fixed word such as `unknown_key`. */
  code: string
  severity: 'error' | 'warning'
  message: string
  /** What to do about it. */
  hint: string | null
  /** JSON pointer into the playbook. */
  path: string
  /** 1-based. */
  line: number
  column: number
  endLine: number
  endColumn: number
  /** Offsets in the text. */
  from: number
  to: number
}
