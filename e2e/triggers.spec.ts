import { createServer } from 'node:http'
import type { APIRequestContext } from '@playwright/test'
import { waitForEnd } from './start-run'
import { expect, test } from './test'

/** A playbook of its own for each test, so that no other test meets its schedules. */
async function register(request: APIRequestContext, name: string, query = ''): Promise<string> {
  const path = `e2e/${name}-${Date.now()}`
  const answer = await request.post('/api/playbooks', {
    headers: { 'content-type': 'text/yaml' },
    data: `apiVersion: noetl.io/v1
kind: Playbook
metadata: { name: ${name}, path: ${path} }
workload:
  region: eu
  webhook: {}
workflow:
  - { step: start, tool: http, url: "{{ secret.PAGINATED_API_URL }}/api/v1/assessments?pageSize=10${query}" }
`,
  })
  expect(answer.ok(), await answer.text()).toBe(true)
  return path
}

test('a schedule is previewed, saved, run, paused and deleted', async ({ page, request }) => {
  const path = await register(request, 'scheduled')
  await page.goto(`/playbooks/schedules/${path}`)
  await page.getByRole('button', { name: 'Run it on a schedule' }).click()
  const preview = page.getByRole('region', { name: 'Next five times' })
  await page.getByLabel('When', { exact: true }).fill('61 * * * *')
  await expect(preview).toContainText('61 is out of range: expected 0-59.')
  await page.getByRole('button', { name: 'Daily' }).click()
  await page.getByLabel('Time zone').fill('Asia/Tokyo')
  await expect(preview).toContainText('every day at 02:00')
  await expect(preview.locator('time')).toHaveCount(5)
  await expect(preview.locator('time').first()).toContainText(', 02:00')
  await page.getByLabel('Times missed while nothing ran here').selectOption('Run once for all of them')
  await page.getByLabel('region').fill('us')
  await page.getByRole('button', { name: 'Save the schedule' }).click()

  const row = page.getByRole('listitem', { name: 'Schedule 0 2 * * *, Asia/Tokyo' })
  await expect(row).toContainText('one run for missed times')
  await expect(row).toContainText('1 input set')
  await row.getByRole('button', { name: 'Run now' }).click()
  await expect(row).toContainText('started by hand')
  await expect(row).toContainText('completed')
  const run = row.getByRole('link', { name: /^#\d+$/ })
  const id = (await run.innerText()).slice(1)
  const { workload, trigger } = await (await request.get(`/api/executions/${id}`)).json()
  expect(workload.region).toBe('us')
  expect(trigger.type).toBe('schedule')

  await run.click()
  await expect(page.getByText('Started by a schedule, on demand')).toBeVisible()
  await page.getByRole('link', { name: 'a schedule' }).click()
  await expect(row).toBeVisible()
  await page.goto('/')
  await expect(page.getByRole('list', { name: 'Next runs' })).toBeVisible()
  await page.goto(`/playbooks/edit/${path}`)
  await page.getByRole('link', { name: '1 schedule' }).click()
  await row.getByRole('button', { name: 'Pause' }).click()
  await expect(row).toContainText('paused')
  await row.getByRole('button', { name: 'Delete' }).click()
  await row.getByRole('button', { name: 'Delete the schedule' }).click()
  await expect(page.getByText('This playbook runs only when somebody starts it')).toBeVisible()
})

test('a retry says that another run of the same schedule has not ended, and leads to it', async ({ page, request }) => {
  const path = await register(request, 'beside', '&delay_ms=2000')
  const made = await request.post('/api/schedules', { data: { path, cron: '@yearly' } })
  const { schedule_id: schedule }: { schedule_id: string } = await made.json()
  const runNow = async (): Promise<string> => {
    const answer = await request.post(`/api/schedules/${schedule}/run`, { data: {} })
    const { execution_id: id }: { execution_id: string } = await answer.json()
    return id
  }
  const before = await runNow()
  await waitForEnd(request, before)
  const other = await runNow()
  expect((await request.post(`/api/executions/${other}/pause`, { data: {} })).ok()).toBe(true)
  await page.goto(`/runs/${before}`)
  await page.getByRole('button', { name: 'Run again' }).click()
  const dialog = page.getByRole('dialog', { name: 'Run again' })
  await expect(dialog).toContainText(`Run #${other} of the same schedule has not ended; the retry runs beside it.`)
  await expect(dialog.getByRole('link', { name: `#${other}` })).toHaveAttribute('href', `/runs/${other}`)
  await request.post(`/api/executions/${other}/cancel`, { data: {} })
})

test('a schedule that is changed shows its new time', async ({ page, request }) => {
  const path = await register(request, 'changed')
  await request.post('/api/schedules', { data: { path, cron: '@hourly', workload: { region: 'us' } } })
  await page.goto(`/playbooks/schedules/${path}`)
  await page.getByRole('button', { name: 'Edit' }).click()
  await expect(page.getByLabel('region')).toHaveValue('us')
  await page.getByLabel('When', { exact: true }).fill('15 7 * * *')
  await page.getByRole('button', { name: 'Save the changes' }).click()
  await expect(page.getByRole('listitem', { name: 'Schedule 15 7 * * *, UTC' })).toContainText('every day at 07:15')
})

test('a webhook shows its address once, starts a run for a stranger, and stops when it is revoked', async ({
  page,
  request,
}) => {
  const path = await register(request, 'hooked')
  await page.goto(`/playbooks/webhook/${path}`)
  await page.getByRole('button', { name: 'New webhook' }).click()
  await page.getByLabel('Name').fill('billing')
  await page.getByLabel('Inputs that the call may set').fill('region')
  await page.getByRole('button', { name: 'Make the webhook' }).click()
  const shown = page.getByRole('status', { name: 'Address of billing' })
  const address = /http\S+\/api\/hooks\/[\w-]+/.exec(await shown.innerText())?.[0] ?? ''
  const called = await request.post(new URL(address).pathname, {
    headers: { origin: 'https://elsewhere.example', 'idempotency-key': 'delivery-1' },
    data: { region: 'us', order: 7 },
  })
  expect(called.status()).toBe(202)
  const { execution_id: id } = await called.json()
  expect(await waitForEnd(request, id)).toBe('COMPLETED')
  const { workload } = await (await request.get(`/api/executions/${id}`)).json()
  expect(workload).toEqual({ region: 'us', webhook: { region: 'us', order: 7 } })
  const row = page.getByRole('listitem', { name: 'Webhook billing' })
  await expect(row).toContainText('1 run started')

  await page.reload()
  await expect(row).toBeVisible()
  await expect(shown).toHaveCount(0)
  await row.getByRole('button', { name: 'Revoke' }).click()
  await row.getByRole('button', { name: 'Revoke the webhook' }).click()
  await expect(row).toHaveCount(0)
  expect((await request.post(new URL(address).pathname, { data: {} })).status()).toBe(404)
})

test('a notice that is refused says why, and is sent again on demand', async ({ page, request }) => {
  const receiver = createServer((_request, response) => void response.writeHead(204).end())
  await new Promise<void>((resolve) => receiver.listen(0, '127.0.0.1', () => resolve()))
  const address = receiver.address()
  const port = address !== null && typeof address === 'object' ? address.port : 0
  const path = await register(request, 'told')
  await page.goto(`/playbooks/webhook/${path}`)
  await page.getByRole('button', { name: 'New notice' }).click()
  await page.getByLabel('Address').fill(`http://127.0.0.1:${port}/told`)
  await page.getByLabel('been cancelled').uncheck()
  await page.getByRole('button', { name: 'Save the notice' }).click()
  const row = page.getByRole('listitem', { name: `Notice to http://127.0.0.1:${port}/told` })
  await expect(row).toContainText('completed, failed')
  const started = await request.post('/api/run/playbook', { data: { path } })
  await waitForEnd(request, (await started.json()).execution_id)
  // An address of this machine is closed to playbooks and notices unless somebody opens it.
  await expect(row).toContainText('PAGETURNER_ALLOW_HOSTS')
  await expect(row).toContainText('again in')
  await row.getByRole('button', { name: 'Send now' }).click()
  await row.getByRole('button', { name: 'What was sent' }).click()
  await expect(row.getByRole('list', { name: 'Sent notices' }).getByRole('listitem')).toHaveCount(1)
  receiver.close()
})
