import { registerPlaybook } from '../../playbooks/register-playbook'

/** Registers a playbook that asks nobody and ends at once, and gives back its path. */
export async function registerQuickPlaybook(path = 'tests/quick'): Promise<string> {
  await registerPlaybook(`apiVersion: noetl.io/v1
kind: Playbook
metadata: { name: quick, path: ${path} }
workload: { region: eu, webhook: {} }
workflow:
  - step: start
    next: [{ step: end }]
  - step: end
`)
  return path
}
