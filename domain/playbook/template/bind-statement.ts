import { evaluateNative, guarded } from './evaluate-template'
import { parseTemplate } from './parse-template'
import { fullRoom, takeRoom } from './room'
import type { Scope } from './scope'
import { TemplateError } from './template-error'

/**
 * SQL with `$1 …` in the places of its `{{ }}`, and the values for them; a template is never text of the SQL.
 * Throws TemplateError.
 */
export function bindStatement(statement: string, scope: Scope): { text: string; values: unknown[] } {
  const values: unknown[] = []
  const { blocks } = parseTemplate(statement)
  const room = fullRoom()
  const isOneOfMany = blocks.filter(({ kind }) => kind === 'output').length > 1
  const texts = guarded(scope, null, (evaluation) =>
    blocks.map((block) => {
      if (block.kind === 'text') return block.text
      if (block.kind === 'output') {
        const value = evaluateNative(block.value, evaluation)
        if (isOneOfMany) takeRoom(room, value, block.value.at)
        return `$${values.push(value)}`
      }
      const at = block.kind === 'for' ? block.at : { offset: 0, line: 1, column: 1 }
      throw new TemplateError('a statement may hold {{ }} only, because each becomes a bind parameter', at)
    }),
  )
  return { text: texts.join(''), values }
}
