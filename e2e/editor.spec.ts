import type { Page } from '@playwright/test'
import { DEMO } from './start-run'
import { expect, test } from './test'

const editorOf = (page: Page) => page.getByRole('textbox', { name: 'Playbook, YAML' })

async function write(page: Page, text: string) {
  await editorOf(page).click()
  await page.keyboard.press('ControlOrMeta+a')
  await page.keyboard.insertText(text)
}

test('a broken text is named where it is broken, and cannot run', async ({ page }) => {
  await page.goto('/playbooks/new')
  await expect(page.getByText('valid', { exact: true })).toBeVisible()
  await write(page, 'apiVersion: noetl.io/v1\nkind: Playbook\nmetadata: { name: a, path: a/b\nworkflow: []\n')
  const problems = page.getByRole('region', { name: 'Problems' })
  await expect(problems.getByRole('button').first()).toBeVisible()
  await expect(page.getByRole('button', { name: 'Run', exact: true })).toBeDisabled()
})

test('an unknown key is named with the nearest known one, and a press goes there', async ({ page }) => {
  await page.goto('/playbooks/new')
  const text = await editorText(page)
  await write(page, text.replace('paginate:', 'pagniate:'))
  const problem = page.getByRole('region', { name: 'Problems' }).getByRole('button').first()
  await expect(problem).toContainText('pagniate')
  await expect(problem).toContainText('paginate')
  await problem.click()
  await page.keyboard.insertText('paginate')
  await expect(page.getByText('valid', { exact: true })).toBeVisible()
})

test('a secret without a value is named before anything runs, and no longer once it is stored', async ({ page }) => {
  await page.goto('/playbooks/new')
  const text = await editorText(page)
  await write(page, text.replace('secret.PAGINATED_API_URL', 'secret.EDITOR_E2E'))
  const problem = page.getByRole('region', { name: 'Problems' }).getByRole('button').filter({ hasText: 'EDITOR_E2E' })
  await expect(problem).toContainText('`secret` has no `EDITOR_E2E`')
  await expect(page.getByRole('button', { name: 'Run', exact: true })).toBeEnabled()
  const address = '/api/secrets/EDITOR_E2E'
  await page.request.put(address, {
    data: { value: 'http://localhost' },
    headers: { origin: new URL(page.url()).origin },
  })
  try {
    // As it is when somebody comes back from another tab; what was asked for just now is not asked for again.
    await expect(async () => {
      await page.evaluate(() => document.dispatchEvent(new Event('visibilitychange', { bubbles: true })))
      await expect(problem).toHaveCount(0, { timeout: 500 })
    }).toPass({ timeout: 15_000 })
  } finally {
    await page.request.delete(address, { headers: { origin: new URL(page.url()).origin } })
  }
})

test('keys, values, steps and names in templates are completed', async ({ page }) => {
  await page.goto(`/playbooks/edit/${DEMO}`)
  const text = await editorText(page)
  const options = page.getByRole('listbox').getByRole('option')
  await write(page, `${text.trimEnd()}\n`)
  await page.keyboard.press('ControlOrMeta+End')
  await page.keyboard.type('work')
  await expect(options).toHaveCount(0)
  await write(page, `${text.slice(0, text.indexOf('workflow:'))}workflow:\n  - step: start\n    `)
  await page.keyboard.press('ControlOrMeta+End')
  await page.keyboard.type('too')
  await expect(options.filter({ hasText: 'tool' })).toBeVisible()
  // The list takes no key in the moment in which it opens, so that nobody accepts what he has not seen.
  await page.waitForTimeout(200)
  await page.keyboard.press('Enter')
  await expect(editorOf(page)).toContainText('tool:')
  await page.keyboard.type('ht')
  await expect(options.filter({ hasText: 'http' })).toBeVisible()
  await page.keyboard.press('Escape')
  await page.keyboard.press('Enter')
  await page.keyboard.type('url: "{{ workload.')
  await expect(options.filter({ hasText: 'server_url' })).toBeVisible()
})

test('a draft survives a reload and can be given up', async ({ page }) => {
  await page.goto(`/playbooks/edit/${DEMO}`)
  const text = await editorText(page)
  await write(page, `# a note of mine\n${text}`)
  await expect(page.getByText('Runs exactly the text shown')).toBeVisible()
  await expect.poll(() => page.evaluate(() => JSON.stringify(localStorage))).toContain('a note of mine')
  await page.reload()
  await expect(page.getByText(/Your draft of/)).toBeVisible()
  await expect(editorOf(page)).toContainText('# a note of mine')
  await page.getByRole('button', { name: /Go back to version/ }).click()
  await expect(editorOf(page)).not.toContainText('# a note of mine')
  await page.reload()
  await expect(page.getByText(/Your draft of/)).toHaveCount(0)
})

test('a run takes exactly the text and the inputs shown', async ({ page }) => {
  await page.goto(`/playbooks/edit/${DEMO}`)
  const text = await editorText(page)
  await write(page, `# unsaved ${Date.now()}\n${text.slice(0, text.indexOf('expect:'))}`)
  await page
    .getByLabel('endpoints', { exact: true })
    .fill('[{"name": "only one", "path": "/api/v1/users", "page_size": 20}]')
  await editorOf(page).click()
  await page.keyboard.press('ControlOrMeta+Enter')
  await expect(page).toHaveURL(/\/runs\/\d+/)
  const status = page.getByRole('region', { name: 'Status' })
  await expect(status).toContainText('Completed')
  await expect(status).toContainText(/Elements.*1\/1/)
  await expect(page.getByRole('region', { name: 'Timeline' })).toContainText('only one')
  await page.getByRole('tab', { name: 'Playbook' }).click()
  await expect(page.getByText('it is not a saved version')).toBeVisible()
  await expect(page.getByLabel('Playbook that ran')).toContainText('# unsaved')
  await page.evaluate(() => localStorage.clear())
})

test('an input that cannot be read is refused beside its field', async ({ page }) => {
  await page.goto(`/playbooks/edit/${DEMO}`)
  await page.getByLabel('endpoints', { exact: true }).fill('[{"name":')
  await expect(page.getByRole('alert').filter({ hasText: 'This is not JSON' })).toBeVisible()
  await expect(page.getByRole('button', { name: 'Run', exact: true })).toBeDisabled()
})

test('saving makes a version that the catalog lists', async ({ page }) => {
  const name = `saved-${Date.now()}`
  await page.goto('/playbooks/new')
  const text = await editorText(page)
  await write(page, text.replace('path: my/playbook', `path: e2e/${name}`))
  await page.getByRole('button', { name: 'Save version 1' }).click()
  await expect(page).toHaveURL(new RegExp(`/playbooks/edit/e2e/${name}$`))
  await page.goto(`/playbooks?find=${name}`)
  await expect(page.getByRole('link', { name, exact: true })).toBeVisible()
})

/** The text in the editor, also what is not on screen. */
async function editorText(page: Page): Promise<string> {
  await editorOf(page).click()
  await page.keyboard.press('ControlOrMeta+a')
  await page.context().grantPermissions(['clipboard-read', 'clipboard-write'])
  await page.keyboard.press('ControlOrMeta+c')
  return page.evaluate(() => navigator.clipboard.readText())
}
