import AxeBuilder from '@axe-core/playwright'
import type { APIRequestContext, Locator, Page } from '@playwright/test'
import { loopOver, startRun, waitForEnd } from './start-run'
import { expect, test } from './test'

const status = (page: Page) => page.getByRole('region', { name: 'Status' })

test('another tab on the same run sees a retry without a reload', async ({ page, context, request }) => {
  const id = await startRun(request, { content: oneThatFails(`tabs-${Date.now()}`) })
  await waitForEnd(request, id)
  const other = await context.newPage()
  for (const tab of [page, other]) {
    await tab.goto(`/runs/${id}`)
    await expect(status(tab)).toContainText('with 1 failed')
    await expect(tab.getByText('ended', { exact: true })).toBeVisible()
  }
  await page.bringToFront()
  await page.getByRole('button', { name: 'Retry 1 failed' }).click()
  await page.getByRole('dialog').getByRole('button', { name: 'Retry 1 element' }).click()
  await expect(status(page)).toContainText(/Failed\s*0/)
  await other.bringToFront()
  await expect(status(other)).toContainText(/Failed\s*0/)
  await expect(other.getByRole('region', { name: 'Failures' })).toHaveCount(0)
})

test('a wait between two tries is cut short with one press, for one element and for all', async ({ page, request }) => {
  const key = `now-${Date.now()}`
  const endpoints = ['one', 'two', 'three'].map((name) => ({
    name,
    path: `/api/v1/flaky?fail_on=2&key=${key}-${name}`,
  }))
  const content = longWaits(loopOver(endpoints, { concurrency: 3 }))
  const id = await startRun(request, { content })
  await page.goto(`/runs/${id}`)
  await expect(page.getByRole('button', { name: 'Retry 3 waiting now' })).toBeVisible()
  await page.getByRole('button', { name: 'Retry two now' }).click()
  await expect(page.getByRole('button', { name: 'Retry two now' })).toHaveCount(0)
  await expect(page.getByRole('button', { name: 'Retry 2 waiting now' })).toBeVisible()
  await page
    .getByRole('button', { name: /^Page 2, try 1/ })
    .first()
    .click()
  const inspector = page.getByRole('dialog')
  await inspector.getByRole('button', { name: 'Retry now' }).click()
  await page.getByRole('button', { name: 'Retry 1 waiting now' }).click()
  await expect(status(page)).toContainText('Completed')
  await expect(status(page)).toContainText(/Failed\s*0/)
})

test('a saved page is fetched again in its place', async ({ page, request }) => {
  const id = await startRun(request, { content: loopOver([{ name: 'all', path: '/api/v1/assessments' }]) })
  await waitForEnd(request, id)
  await page.goto(`/runs/${id}?step=fetch&e=0&p=2&inspect=response`)
  const inspector = page.getByRole('dialog', { name: 'all, page 2' })
  await inspector.getByRole('button', { name: 'Fetch again' }).click()
  const dialog = page.getByRole('dialog', { name: 'Fetch page 2 again' })
  await expect(dialog).toContainText('1 element, at least 1 request')
  await dialog.getByRole('button', { name: 'Fetch page 2 again' }).click()
  await page.keyboard.press('Escape')
  await page.getByRole('tab', { name: /Events/ }).click()
  await expect(page.getByText('page 2 is fetched again')).toBeVisible()
  await expect(status(page)).toContainText('Completed')
})

test('a page that can not be had again stays as it is, and is said to', async ({ page, request }) => {
  const key = `kept-${Date.now()}`
  const endpoints = [{ name: 'flaky', path: `/api/v1/flaky?fail_on=2&key=${key}` }]
  const id = await startRun(request, { content: loopOver(endpoints).replace('max_attempts: 3', 'max_attempts: 1') })
  await waitForEnd(request, id)
  await request.post(`/api/executions/${id}/retry`, { data: { scope: 'failed' } })
  await waitForEnd(request, id)
  await waitForEnd(request, await startRun(request, { content: forgetting(key) }))
  await page.goto(`/runs/${id}?step=fetch&e=0&p=2&inspect=response`)
  await page.getByRole('dialog', { name: 'flaky, page 2' }).getByRole('button', { name: 'Fetch again' }).click()
  const dialog = page.getByRole('dialog', { name: 'Fetch page 2 again' })
  await dialog.getByRole('button', { name: 'Fetch page 2 again' }).click()
  const inspector = page.getByRole('dialog', { name: 'flaky, page 2' })
  await expect(inspector).toContainText(/page 2 was not fetched again: page 2 answered 500.* The saved one stays/)
  await expect(inspector).toContainText('10 items')
  await expect(status(page)).toContainText(/Warnings\s*1/)
})

test('a run is run again with the newest version and other inputs, and both runs say so', async ({ page, request }) => {
  const path = `e2e/again-${Date.now()}`
  const text = loopOver([{ name: 'first', path: '/api/v1/assessments' }]).replace(
    'path: e2e/endpoints',
    `path: ${path}`,
  )
  await register(request, text)
  const id = await startRun(request, { path })
  await waitForEnd(request, id)
  await register(request, text.replace('pageSize: 10', 'pageSize: 20'))
  await page.goto(`/runs/${id}`)
  await page.getByRole('button', { name: 'Run again' }).click()
  const dialog = page.getByRole('dialog', { name: 'Run again' })
  await dialog.getByRole('radio', { name: /Version 2, the newest/ }).check()
  const changes = dialog.getByRole('group', { name: 'What changed in the playbook' })
  await expect(changes).toContainText('removed')
  await expect(changes).toContainText('pageSize: 20')
  const inputs = dialog.getByRole('textbox', { name: 'Inputs, JSON or YAML' })
  const written = await inputs.inputValue()
  await inputs.fill('{ "endpoints": [')
  await expect(dialog.getByRole('alert')).toContainText(/^Line/)
  await expect(dialog.getByRole('button', { name: 'Run again' })).toBeDisabled()
  await inputs.fill(written.replace('"first"', '"second"'))
  await expect(dialog.getByRole('group', { name: 'What changed in the inputs' })).toContainText('"second"')
  await expect(dialog).toContainText('with other inputs they may differ')
  await dialog.getByRole('button', { name: 'Run again' }).click()
  await expect(page).not.toHaveURL(new RegExp(`/runs/${id}$`))
  await expect(page).toHaveURL(/\/runs\/\d+$/)
  await expect(status(page)).toContainText('Completed')
  const links = page.getByRole('navigation', { name: 'Retries' })
  await expect(links).toContainText(`Retry of #${id} · the whole run, with the newest version`)
  await expect(page.getByRole('button', { name: /second/ }).first()).toBeVisible()
  await links.getByRole('link', { name: `#${id}` }).click()
  await expect(page.getByRole('navigation', { name: 'Retries' })).toContainText(/Retried by\s*#\d+ completed/)
})

test('what failed is retried with the newest version as a run of those elements', async ({ page, request }) => {
  const path = `e2e/fixed-${Date.now()}`
  const broken = { name: 'broken', path: '/api/v1/nothing-here' }
  const steady = { name: 'steady', path: '/api/v1/assessments' }
  const text = loopOver([steady, broken]).replace('path: e2e/endpoints', `path: ${path}`)
  await register(request, text)
  const id = await startRun(request, { path })
  await waitForEnd(request, id)
  await register(request, text.replace('{{ endpoint.path }}', "{{ endpoint.path.replace('nothing-here', 'users') }}"))
  await page.goto(`/runs/${id}`)
  await page.getByRole('button', { name: 'Retry 1 failed' }).click()
  const dialog = page.getByRole('dialog')
  await dialog.getByRole('radio', { name: /Version 2, the newest/ }).check()
  await expect(dialog).toContainText('A run keeps the version it started with')
  await dialog.getByRole('button', { name: 'Retry 1 element' }).click()
  await expect(page.getByRole('navigation', { name: 'Retries' })).toContainText(`Retry of #${id} · what failed`)
  await expect(status(page)).toContainText('Completed')
  await expect(status(page)).toContainText(/Elements.*1\/1/)
})

const oneThatFails = (key: string): string =>
  loopOver([
    { name: 'steady', path: '/api/v1/assessments' },
    { name: 'flaky', path: `/api/v1/flaky?fail_on=2&key=${key}` },
  ]).replace('max_attempts: 3', 'max_attempts: 1')

async function register(request: APIRequestContext, content: string): Promise<void> {
  const answer = await request.post('/api/playbooks', { data: { content } })
  expect(answer.ok(), await answer.text()).toBe(true)
}

for (const theme of ['light', 'dark'] as const) {
  test(`what waits and what a retry asks has no fault axe can find, ${theme}, and fits a phone`, async ({
    page,
    request,
  }) => {
    await page.emulateMedia({ colorScheme: theme, reducedMotion: 'reduce' })
    const endpoints = [{ name: 'late', path: `/api/v1/flaky?fail_on=2&key=axe-${theme}-${Date.now()}` }]
    const waiting = await startRun(request, { content: longWaits(loopOver(endpoints)) })
    await page.goto(`/runs/${waiting}`)
    await expect(page.getByRole('button', { name: 'Retry late now' })).toBeVisible()
    expect(await faultsOf(page)).toEqual([])
    await page.setViewportSize({ width: 390, height: 844 })
    await expect(page.getByRole('button', { name: 'Cancel' })).toBeInViewport({ ratio: 1 })
    expect(await sidewaysBy(page)).toBe(0)
    await page.getByRole('button', { name: 'Cancel' }).click()
    await page.getByRole('button', { name: 'Run again' }).click()
    const inputs = page.getByRole('textbox', { name: 'Inputs, JSON or YAML' })
    await inputs.fill((await inputs.inputValue()).replace('"late"', '"later"'))
    await expect(page.getByRole('group', { name: 'What changed in the inputs' })).toBeVisible()
    expect(await faultsOf(page)).toEqual([])
    expect(await sidewaysBy(page.getByRole('dialog'))).toBe(0)
  })
}

/** Lets the flaky endpoint of the sample API fail its first tries once more. */
const forgetting = (key: string): string => `apiVersion: noetl.io/v1
kind: Playbook
metadata: { name: forget, path: e2e/forget }
workflow:
  - { step: start, tool: http, method: POST, url: "{{ secret.PAGINATED_API_URL }}/api/v1/flaky/reset?key=${key}" }
`

/** Long enough to be looked at, whatever else this machine does. */
const longWaits = (content: string): string =>
  content.replace('initial_delay: 0.8', 'initial_delay: 600\n        max_delay: 600')

async function faultsOf(page: Page): Promise<string[]> {
  const { violations } = await new AxeBuilder({ page }).analyze()
  return violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html.slice(0, 160)).join(' | ')}`)
}

/** How far something can be scrolled sideways. */
const sidewaysBy = async (what: Page | Locator): Promise<number> => {
  const box = 'goto' in what ? what.locator('html') : what
  return box.evaluate((node) => node.scrollWidth - node.clientWidth)
}
