import { readFile } from 'node:fs/promises'
import { finishedDemo } from './start-run'
import { expect, test } from './test'

test('the demo turns two elements into seven pages and seventy items', async ({ page }) => {
  await page.goto('/')
  await page.getByRole('button', { name: 'Run the demo' }).click()
  await expect(page).toHaveURL(/\/runs\/\d+/)
  const status = page.getByRole('region', { name: 'Status' })
  await expect(status).toContainText('Completed')
  await expect(status).toContainText(/Elements.*2\/2/)
  await expect(status).toContainText(/Pages.*7/)
  await expect(status).toContainText(/Items.*70/)
  await expect(status).toContainText(/Expectations met.*5\/5/)

  const timeline = page.getByRole('region', { name: 'Timeline' })
  await expect(timeline.getByRole('button', { name: /^Page \d: 200/ })).toHaveCount(7)
  const users = timeline.getByRole('row', { name: /users/ })
  await expect(users).toContainText('completed')
  await expect(users).toContainText('35')

  const expectations = page.getByRole('region', { name: 'Expectations' })
  await expect(expectations.getByRole('img', { name: 'met', exact: true })).toHaveCount(5)
  await expect(page.getByRole('tab', { name: /Results 70/ })).toBeVisible()
})

test('the results hold every item, and leave as CSV, JSON, NDJSON and Parquet', async ({ page, request }) => {
  const id = await finishedDemo(request)
  await page.goto(`/runs/${id}?lens=results`)
  const grid = page.getByRole('grid', { name: 'Items' })
  await expect(grid).toHaveAttribute('aria-rowcount', '71')
  await expect(grid.getByRole('row').nth(1)).toContainText('assessments')
  await grid.getByRole('button', { name: 'Open item 2', exact: true }).click()
  await expect(page.getByRole('dialog', { name: 'Item 2' })).toContainText('"id": 2')
  await page.getByRole('button', { name: 'Close the item' }).click()

  const csv = (await download('CSV')).trim().split('\n')
  expect(csv).toHaveLength(71)
  expect(csv[0]).toContain('id,name')
  const rows: unknown[] = JSON.parse(await download('JSON'))
  expect(rows).toHaveLength(70)
  expect((await download('NDJSON')).trim().split('\n')).toHaveLength(70)
  expect(await download('Parquet')).toMatch(/^PAR1[^]*PAR1$/)

  async function download(format: string): Promise<string> {
    const started = page.waitForEvent('download')
    await page.getByRole('link', { name: format, exact: true }).click()
    return readFile(await (await started).path(), 'utf8')
  }
})

test('the events tell the run in order, grouped, all and as JSON', async ({ page, request }) => {
  const id = await finishedDemo(request)
  await page.goto(`/runs/${id}?lens=events`)
  const log = page.getByRole('log')
  await expect(log).toContainText('assessments › p1')
  await page.getByRole('radio', { name: 'All' }).check()
  await expect(page).toHaveURL(/events=all/)
  await page.getByLabel('Filter events').fill('users › p3')
  await expect(log.getByRole('button')).toHaveCount(1)
  await page.getByRole('radio', { name: 'JSON' }).check()
  await expect(log).toContainText('"stop_reason": "while_false"')
})

test('the playbook that ran is kept with the run', async ({ page, request }) => {
  const id = await finishedDemo(request)
  await page.goto(`/runs/${id}?lens=playbook`)
  await expect(page.getByText('The text that ran: version')).toBeVisible()
  await expect(page.getByLabel('Playbook that ran')).toContainText('apiVersion: noetl.io/v1')
})
