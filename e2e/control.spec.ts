import { loopOver, startRun } from './start-run'
import { expect, test } from './test'

test('a run that goes on is cancelled with one press, and says what it kept', async ({ page, request }) => {
  const endpoints = ['a', 'b', 'c'].map((name) => ({ name, path: '/api/v1/assessments?delay_ms=1500' }))
  const id = await startRun(request, { content: loopOver(endpoints, { concurrency: 2 }) })
  await page.goto(`/runs/${id}`)
  await page.getByRole('button', { name: 'Cancel 2 running elements' }).click()
  const status = page.getByRole('region', { name: 'Status' })
  await expect(status).toContainText('Cancelled', { timeout: 3_000 })
  await expect(page.getByText('ended', { exact: true })).toBeVisible()
  await expect(page.getByRole('button', { name: /^Cancel/ })).toHaveCount(0)
  await expect(status).toContainText(/Elements.*3\/3/)
  const refused = await request.post(`/api/executions/${id}/cancel`)
  expect(refused.status()).toBe(409)
})
