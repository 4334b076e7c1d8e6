/** A name a template reads from outside: `workload.api_url` is `['workload', 'api_url']`. Place is 1-based, offset from 0. */
export type TemplateReference = { path: string[]; offset: number; line: number; column: number }

/** Every outside name a template reads, in order. Throws TemplateError when it can't be read. */
export function templateReferences(_source: string): TemplateReference[] {
  throw new Error('not written yet')
}
