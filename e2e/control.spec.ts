import { loopOver, startRun } from './start-run'
import { expect, test } from './test'

test('a run that goes on is cancelled with one press, and says what it kept', async ({ page, request }) => {
  const endpoints = ['a', 'b', 'c'].map((name) => ({ name, path: '/api/v1/assessments?delay_ms=5000' }))
  const id = await startRun(request, { content: loopOver(endpoints, { concurrency: 2 }) })
  await page.goto(`/runs/${id}`)
  await page.getByRole('button', { name: 'Cancel 2 running elements' }).click()
  const status = page.getByRole('region', { name: 'Status' })
  // Three requests of five seconds are still to come for each: it is the press that ends them.
  await expect(status).toContainText('Cancelled')
  await expect(page.getByText('ended', { exact: true })).toBeVisible()
  await expect(page.getByRole('button', { name: /^Cancel/ })).toHaveCount(0)
  await expect(status).toContainText(/Elements.*0\/3/)
  await expect(status).toContainText(/Cancelled3/)
  const refused = await request.post(`/api/executions/${id}/cancel`, { data: {} })
  expect(refused.status()).toBe(409)
})

test('what failed is retried from the failed page on, in the same run', async ({ page, request }) => {
  const key = `retry-${Date.now()}`
  const endpoints = [
    { name: 'steady', path: '/api/v1/assessments' },
    { name: 'flaky', path: `/api/v1/flaky?fail_on=2&key=${key}` },
  ]
  const content = loopOver(endpoints).replace('max_attempts: 3', 'max_attempts: 1')
  const id = await startRun(request, { content })
  await page.goto(`/runs/${id}`)
  const status = page.getByRole('region', { name: 'Status' })
  await expect(status).toContainText('with 1 failed')
  await page.getByRole('button', { name: 'Retry 1 failed' }).click()
  const dialog = page.getByRole('dialog', { name: 'Retry 1 element' })
  await expect(dialog).toContainText('1 element, at least 1 request, 1 page kept.')
  await dialog.getByRole('button', { name: 'Retry 1 element' }).click()
  await expect(page.getByRole('region', { name: 'Failures' })).toHaveCount(0)
  await expect(status).toContainText('Completed')
  await expect(status).toContainText(/Failed\s*0/)
  await expect(page.getByText('ended', { exact: true })).toBeVisible()
  await expect(page.getByRole('button', { name: /^Page 2, try 1: 500/ })).toBeVisible()
  await page.reload()
  await expect(status).toContainText(/Failed\s*0/)
})

test('a step without a loop that fails on its first page can be inspected and retried', async ({ page, request }) => {
  const content = `apiVersion: noetl.io/v1
kind: Playbook
metadata: { name: single, path: e2e/single }
workflow:
  - { step: start, tool: http, url: "{{ secret.PAGINATED_API_URL }}/api/v1/nothing-here" }
`
  const id = await startRun(request, { content })
  await page.goto(`/runs/${id}`)
  await expect(page.getByRole('region', { name: 'Status' })).toContainText('Failed')
  await page.getByRole('region', { name: 'Failures' }).getByRole('button', { name: 'Inspect' }).click()
  const inspector = page.getByRole('dialog', { name: 'start, page 1' })
  await expect(inspector).toContainText('404')
  await inspector.getByRole('button', { name: 'Retry from here' }).click()
  await page.getByRole('dialog', { name: 'Retry 1 element' }).getByRole('button', { name: 'Retry 1 element' }).click()
  await expect(page.getByRole('button', { name: /^Page 1, try 2: 404/ })).toBeVisible()
})

test('a paused run starts no page until it is resumed', async ({ page, request }) => {
  test.setTimeout(120_000)
  const id = await startRun(request, {
    content: loopOver([{ name: 'slow', path: '/api/v1/assessments?delay_ms=3000' }]),
  })
  await page.goto(`/runs/${id}`)
  const status = page.getByRole('region', { name: 'Status' })
  await expect(status).toContainText(/Pages so far\s*[1-9]/)
  await page.getByRole('button', { name: 'Pause' }).click()
  await expect(status).toContainText('Paused')
  // What was asked for comes in, which takes its three seconds.
  await page.waitForTimeout(6_000)
  const paused = await status
    .getByText(/^Pages so far/)
    .locator('..')
    .innerText()
  await page.waitForTimeout(3_500)
  expect(
    await status
      .getByText(/^Pages so far/)
      .locator('..')
      .innerText(),
  ).toBe(paused)
  await page.getByRole('button', { name: 'Resume' }).click()
  await expect(status).toContainText('Completed', { timeout: 60_000 })
})
