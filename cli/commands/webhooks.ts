import { webhookListSchema, webhookWithTokenSchema, type WebhookAnswer } from '@/domain/api/webhooks'
import { callApi, callJson } from '../target/call-api'
import { listAll } from '../target/list-all'

/** Prints the webhooks, of one playbook or of all. */
export async function listWebhooks(server: string, playbook: string | undefined): Promise<void> {
  let listed = 0
  for await (const webhook of listAll(webhookListSchema, {
    server,
    path: '/api/webhooks',
    params: { path: playbook },
  })) {
    print(lineOf(webhook))
    listed += 1
  }
  if (listed === 0) {
    process.stderr.write(`There is no webhook${playbook === undefined ? '' : ` of ${playbook}`}.\n`)
  }
}

/** Makes a webhook and prints its address, which is shown this once. */
export async function addWebhook(
  server: string,
  playbook: string,
  options: { name: string; input: string[] },
): Promise<void> {
  const body = { path: playbook, name: options.name, inputs: options.input }
  const made = await callJson(webhookWithTokenSchema, { server, path: '/api/webhooks', method: 'POST', body })
  print(`Webhook ${made.webhook_id}. Keep its address, it is shown this once:\n${made.url}`)
}

/** Gives a webhook another token and prints the new address. */
export async function rotateWebhook(server: string, id: string): Promise<void> {
  const path = `/api/webhooks/${encodeURIComponent(id)}/rotate`
  const made = await callJson(webhookWithTokenSchema, { server, path, method: 'POST', body: {} })
  print(`The address before stops now. The new one, shown this once:\n${made.url}`)
}

/** Takes a webhook away. */
export async function removeWebhook(server: string, id: string): Promise<void> {
  await callApi({ server, path: `/api/webhooks/${encodeURIComponent(id)}`, method: 'DELETE' })
  print(`Webhook ${id} is revoked; its runs stay.`)
}

const lineOf = ({ webhook_id: id, path, name, calls, paused }: WebhookAnswer): string =>
  `${id}  ${path}  ${name}  ${calls} ${calls === 1 ? 'run' : 'runs'} started${paused ? '  paused' : ''}`

const print = (line: string): void => void process.stdout.write(`${line}\n`)
