import AxeBuilder from '@axe-core/playwright'
import type { Page } from '@playwright/test'
import { DEMO } from './start-run'
import { expect, test } from './test'

const editorOf = (page: Page) => page.getByRole('textbox', { name: 'Playbook, YAML' })
const panelOf = (page: Page) => page.getByRole('region', { name: 'Test', exact: true })
const button = (page: Page, name: string) => page.getByRole('button', { name, exact: true })

async function write(page: Page, text: string) {
  await editorOf(page).click()
  await page.keyboard.press('ControlOrMeta+a')
  await page.keyboard.insertText(text)
}

const PLAYBOOK = `apiVersion: noetl.io/v1
kind: Playbook
metadata: { name: tried, path: e2e/tried }
workload: { server: "{{ secret.PAGINATED_API_URL }}", size: 12 }
workflow:
  - step: start
    next: [{ step: fetch }]
  - step: fetch # of the sample API
    tool: http
    url: "{{ workload.server }}/api/v1/events"
    params: { limit: "{{ workload.size }}" }
    # where to go
    next: [{ step: end }]
  - step: end
`

test('one page of one element is shown as a run would get it, page by page', async ({ page }) => {
  await page.goto(`/playbooks/edit/${DEMO}`)
  await expect(button(page, 'Run')).toBeEnabled()
  await button(page, 'Test').click()
  const panel = panelOf(page)
  await expect(panel.getByRole('status')).toContainText('200')
  await expect(panel.getByRole('tabpanel', { name: 'items' })).toContainText('10 items at data')
  await panel.getByRole('tab', { name: 'Request' }).click()
  await expect(panel.getByRole('tabpanel')).toContainText('pageSize')
  await panel.getByRole('tab', { name: 'Response' }).click()
  await expect(panel.getByLabel('Response body')).toContainText('"data"')
  await panel.getByRole('tab', { name: 'Next' }).click()
  await expect(panel.getByRole('tabpanel')).toContainText('A run would go on to page 2.')
  await expect(panel.getByRole('tabpanel')).toContainText('1 → 2')
  await panel.getByRole('button', { name: 'Page after' }).click()
  await expect(panel.getByRole('tabpanel')).toContainText('A run would go on to page 3.')
  await expect(panel.getByRole('button', { name: 'Page after' })).toBeFocused()
  await panel.getByRole('button', { name: 'Page before' }).click()
  await expect(panel.getByRole('tabpanel')).toContainText('A run would go on to page 2.')
  await panel.getByLabel('Element').selectOption('users')
  await panel.getByRole('tab', { name: 'Items' }).click()
  await expect(panel.getByRole('tabpanel')).toContainText('15 items')
})

test('a test says that it is out of date once the text or an input changes', async ({ page }) => {
  await page.goto('/playbooks/new')
  await write(page, PLAYBOOK)
  await expect(button(page, 'Test')).toBeEnabled()
  await page.keyboard.press('ControlOrMeta+Shift+Enter')
  const panel = panelOf(page)
  await expect(panel.getByRole('tabpanel')).toContainText('12 items')
  await expect(panel.getByText('Out of date')).toHaveCount(0)
  await page.getByLabel('size', { exact: true }).fill('3')
  await expect(panel.getByText('Out of date')).toBeVisible()
  await panel.getByRole('button', { name: 'Test again' }).click()
  await expect(panel.getByRole('tabpanel')).toContainText('3 items')
  await expect(panel.getByText('Out of date')).toHaveCount(0)
  await editorOf(page).click()
  await page.keyboard.press('ControlOrMeta+Home')
  await page.keyboard.insertText('# changed\n')
  await expect(panel.getByText('Out of date')).toBeVisible()
  await page.evaluate(() => localStorage.clear())
})

test('what goes wrong is said as a run would say it, and a test that cannot be is refused', async ({ page }) => {
  await page.goto('/playbooks/new')
  await write(page, PLAYBOOK.replace('/api/v1/events', '/api/v1/nothing'))
  await expect(button(page, 'Test')).toBeEnabled()
  await button(page, 'Test').click()
  const panel = panelOf(page)
  await expect(panel.getByRole('status')).toContainText('page 1 answered 404')
  await expect(panel.getByLabel('Response body')).toContainText('no endpoint')
  await panel.getByRole('tab', { name: 'Items' }).click()
  await expect(panel.getByRole('tabpanel')).toContainText('could not be read')
  await panel.getByRole('button', { name: 'Close the test' }).click()
  await expect(panel).toHaveCount(0)
  await page.evaluate(() => localStorage.clear())
})

test('the pagination of an API is proved, written into the text, and undone', async ({ page }) => {
  await page.goto('/playbooks/new')
  await write(page, PLAYBOOK)
  await expect(button(page, 'Test')).toBeEnabled()
  await button(page, 'Test').click()
  const panel = panelOf(page)
  await panel.getByRole('button', { name: 'Detect pagination' }).click()
  const found = panel.getByRole('region', { name: 'Detected pagination' })
  await expect(found).toContainText('Proved by a second page: cursor, sent as cursor.')
  await expect(found.getByRole('region', { name: 'Evidence' })).toContainText(
    'page 2 has 12 items, none of them among the 12 of page 1',
  )
  await found.getByRole('button', { name: 'Write it into the text' }).click()
  await expect(editorOf(page)).toContainText('type: cursor')
  await expect(editorOf(page)).toContainText('# where to go')
  await expect(page.getByText('valid', { exact: true })).toBeVisible()
  await expect(panel.getByText('Out of date')).toBeVisible()
  await panel.getByRole('button', { name: 'Test again' }).click()
  await panel.getByRole('tab', { name: 'Next' }).click()
  await expect(panel.getByRole('tabpanel')).toContainText('A run would go on to page 2.')
  await editorOf(page).click()
  await page.keyboard.press('ControlOrMeta+z')
  await expect(editorOf(page)).not.toContainText('type: cursor')
  await page.evaluate(() => localStorage.clear())
})

test('the panel is reached and used by keyboard', async ({ page }) => {
  await page.goto(`/playbooks/edit/${DEMO}`)
  await expect(button(page, 'Test')).toBeEnabled()
  await button(page, 'Test').press('Enter')
  await expect(panelOf(page).getByRole('tabpanel')).toContainText('10 items')
  await panelOf(page).getByRole('tab', { name: 'Items' }).focus()
  await page.keyboard.press('ArrowRight')
  await expect(panelOf(page).getByRole('tab', { name: 'Next' })).toBeFocused()
})

for (const theme of ['light', 'dark'] as const) {
  test(`the panel has no fault axe can find, ${theme}`, async ({ page }) => {
    await page.emulateMedia({ colorScheme: theme, reducedMotion: 'reduce' })
    await page.goto('/playbooks/new')
    await write(page, PLAYBOOK)
    await expect(button(page, 'Test')).toBeEnabled()
    await button(page, 'Test').click()
    const panel = panelOf(page)
    for (const tab of ['Items', 'Request', 'Response', 'Next']) {
      await panel.getByRole('tab', { name: tab }).click()
      expect(await faultsOf(page)).toEqual([])
    }
    await panel.getByRole('button', { name: 'Detect pagination' }).click()
    await expect(panel.getByRole('button', { name: 'Write it into the text' })).toBeVisible()
    expect(await faultsOf(page)).toEqual([])
    await page.evaluate(() => localStorage.clear())
  })
}

async function faultsOf(page: Page): Promise<string[]> {
  const { violations } = await new AxeBuilder({ page }).include('section[aria-label="Test"]').analyze()
  return violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' ')}`)
}

test.describe('a refusal', () => {
  test.use({ allowedComplaints: { patterns: [/status of 422/] } })

  test('names what stands in the way of a detection', async ({ page }) => {
    await page.goto(`/playbooks/edit/${DEMO}`)
    await expect(button(page, 'Test')).toBeEnabled()
    await button(page, 'Test').click()
    await panelOf(page).getByRole('button', { name: 'Detect pagination' }).click()
    await expect(panelOf(page).getByRole('alert')).toContainText('says already how it pages: retry.on_success')
  })
})
