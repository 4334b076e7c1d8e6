import { loopOver, startRun } from './start-run'
import { expect, test } from './test'

test('a run is seen live: pages so far, a wait, a retry, the end', async ({ page, request }) => {
  const key = `live-${Date.now()}`
  test.setTimeout(120_000)
  // Long enough that the screen is there while the run goes on, and while it waits.
  const content = loopOver([
    { name: 'slow', path: '/api/v1/assessments?delay_ms=1500' },
    { name: 'flaky', path: `/api/v1/flaky?fail_on=2,3&key=${key}` },
  ]).replace('initial_delay: 0.8', 'initial_delay: 5')
  const id = await startRun(request, { content })
  await page.goto(`/runs/${id}`)
  const status = page.getByRole('region', { name: 'Status' })
  await expect(status).toContainText('Running')
  await expect(page.getByText('live', { exact: true })).toBeVisible()
  await expect(status).toContainText('Pages so far')
  await expect(page.getByRole('region', { name: 'Timeline' })).toContainText('waiting', { timeout: 30_000 })
  await expect(status).toContainText('Completed', { timeout: 60_000 })
  await expect(page.getByText('ended', { exact: true })).toBeVisible()
  await expect(status).toContainText(/Retries.*2/)
  await expect(page.getByRole('log')).toContainText('after 1 retry (500)')
  await page.getByRole('button', { name: /^Page 2, try 1: 500/ }).click()
  const inspector = page.getByRole('dialog', { name: 'flaky, page 2' })
  await expect(inspector.getByRole('button', { name: /^1 · 500/ })).toHaveAttribute('aria-pressed', 'true')
  await inspector.getByRole('button', { name: /^2 · 200/ }).click()
  await expect(inspector.getByLabel('Response body')).toContainText('"data"')
})

test('what the live screen shows is what a reload shows', async ({ page, request }) => {
  const id = await startRun(request, { content: loopOver([{ name: 'slow', path: '/api/v1/users?delay_ms=150' }]) })
  await page.goto(`/runs/${id}`)
  const status = page.getByRole('region', { name: 'Status' })
  await expect(status).toContainText('Completed', { timeout: 30_000 })
  const live = await facts()
  await page.reload()
  await expect(status).toContainText('Completed')
  expect(await facts()).toEqual(live)

  async function facts() {
    await expect(page.getByRole('table', { name: 'Elements of this run' })).toBeAttached()
    return [await status.innerText(), await page.getByRole('table', { name: 'Elements of this run' }).innerText()]
  }
})

test('two hundred elements are rows, the failed ones first and as one failure', async ({ page, request }) => {
  test.setTimeout(180_000)
  const endpoints = Array.from({ length: 200 }, (_, at) => ({
    name: at === 150 ? 'الموردون' : `endpoint-${at}`,
    path: at % 50 === 7 ? '/api/v1/nothing-here' : '/api/v1/assessments',
  }))
  const id = await startRun(request, { content: loopOver(endpoints, { concurrency: 8 }) })
  await page.goto(`/runs/${id}`)
  const status = page.getByRole('region', { name: 'Status' })
  await expect(status).toContainText(/200\/200/, { timeout: 120_000 })
  await expect(page.getByText('ended', { exact: true })).toBeVisible()
  const failures = page.getByRole('region', { name: 'Failures' })
  await expect(failures).toContainText('4 elements')
  const grid = page.getByRole('grid', { name: 'Elements and their pages' })
  await expect(grid).toHaveAttribute('aria-rowcount', '201')
  await expect(grid.getByRole('row').nth(1)).toContainText('endpoint-7')
  expect(await grid.getByRole('row').count()).toBeLessThan(80)
  await page.getByLabel('Find an element').fill('الموردون')
  await expect(grid).toHaveAttribute('aria-rowcount', '2')
  await page.getByLabel('Find an element').fill('')
  await failures.getByRole('button', { name: 'Inspect' }).click()
  await expect(page.getByRole('dialog', { name: 'endpoint-7, page 1' })).toContainText('404')
})
