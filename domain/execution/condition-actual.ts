import { evaluateLeftSide, type Scope } from '../playbook/template/evaluate-template'
import { maskSecretText } from '../playbook/template/secret-text'

/** What a condition met: for a comparison the value of its left side, else what the whole gave. Throws TemplateError. */
export const conditionActual = (condition: string, scope: Scope): unknown =>
  maskSecretText(evaluateLeftSide(condition, scope))
