import { parse } from 'yaml'
import { recordOf, textOf } from '@/domain/execution/view-context'

export type PlaybookNames = { steps: string[]; workload: string[]; elements: { name: string; fields: string[] }[] }

/** The names a template or a `next` may use. A text that cannot be read gives those that were known before. */
export function playbookNames(text: string, known: PlaybookNames): PlaybookNames {
  const root = readRoot(text)
  if (root === null) return known
  const workload = recordOf(root['workload']) ?? {}
  const steps = (Array.isArray(root['workflow']) ? root['workflow'] : []).map(recordOf).filter((step) => step !== null)
  return {
    steps: steps.map((step) => textOf(step, 'step')).filter((name) => name !== null),
    workload: Object.keys(workload),
    elements: steps.flatMap((step) => {
      const loop = recordOf(step['loop'])
      const name = loop && textOf(loop, 'element')
      return loop && name ? [{ name, fields: fieldsOf(loop['collection'], workload) }] : []
    }),
  }
}

export const NO_NAMES: PlaybookNames = { steps: [], workload: [], elements: [] }

function readRoot(text: string): Record<string, unknown> | null {
  try {
    return recordOf(parse(text, { maxAliasCount: 20, logLevel: 'silent' }))
  } catch {
    return null
  }
}

/** The fields of the first element, when the collection is one written in the workload. */
function fieldsOf(collection: unknown, workload: Record<string, unknown>): string[] {
  const name = typeof collection === 'string' ? /^\{\{\s*workload\.(\w+)\s*\}\}$/.exec(collection)?.[1] : undefined
  const list = name === undefined ? collection : workload[name]
  return Array.isArray(list) ? Object.keys(recordOf(list[0]) ?? {}) : []
}
