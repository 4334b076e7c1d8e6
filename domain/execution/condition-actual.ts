import { evaluateTemplate, type Scope } from '../playbook/template/evaluate-template'
import { maskSecretText } from '../playbook/template/secret-text'

/** What a condition met: for a comparison the value of its left side, else what the whole gave. Throws TemplateError. */
export function conditionActual(condition: string, scope: Scope): unknown {
  const left = /^\s*\{\{\s*([^=<>!]+?)\s*(?:==|!=|<=|>=|<|>)[^=<>!]+\}\}\s*$/.exec(condition)?.[1]
  return maskSecretText(evaluateTemplate(left === undefined ? condition : `{{ ${left} }}`, scope))
}
