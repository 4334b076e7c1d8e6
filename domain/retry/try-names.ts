import type { Scope } from '../playbook/template/evaluate-template'

type Try = { status: number | null; success: boolean; body: unknown; attempt: number }

/** What templates of `retry` see of a try by NoETL's names. The playbook's own names go before them. */
export function tryNames({ status, success, body, attempt }: Try): Scope {
  const result = { status_code: status ?? 0, success, data: body }
  return { ...result, attempt, result, this: result }
}
