import { templateReferences } from '@/domain/playbook/template/template-references'

/** The outside names that the templates inside some JSON read, as paths. Throws TemplateError. */
export function referencesOf(templates: unknown): string[][] {
  return [...textsOf(templates)].flatMap((text) => templateReferences(text).map(({ path }) => path))
}

function* textsOf(value: unknown): Generator<string> {
  if (typeof value === 'string') {
    if (value.includes('{{') || value.includes('{%')) yield value
  } else if (typeof value === 'object' && value !== null) {
    for (const part of Object.values(value)) yield* textsOf(part)
  }
}
