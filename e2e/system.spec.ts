import { loopOver, startRun, waitForEnd } from './start-run'
import { expect, test } from './test'

test('the system page says how every part is, and what the runs of a playbook take', async ({ page, request }) => {
  const content = loopOver([{ name: 'a', path: '/api/v1/assessments' }])
  expect(await waitForEnd(request, await startRun(request, { content }))).toBe('COMPLETED')
  await page.goto('/')
  await page.getByRole('navigation', { name: 'Main' }).getByRole('link', { name: 'System' }).click()
  const parts = page.getByRole('region', { name: 'Parts' })
  await expect(parts).toContainText('it answers and saves')
  await expect(parts).toContainText('tickets come through PostgreSQL')
  await expect(parts).toContainText(/\d of \d ready/)
  await expect(page.getByRole('region', { name: 'Workers' })).toContainText('ready')
  await expect(page.getByRole('region', { name: 'Database' })).toContainText('PostgreSQL 18')
  await expect(page.getByRole('status', { name: 'System' })).toBeEmpty()
  await expect(page.getByRole('region', { name: 'Stored' }).getByRole('listitem').first()).toBeVisible()
})

test('a limit is previewed, saved, and kept to', async ({ page, request }) => {
  const path = `e2e/kept-${Date.now()}`
  const content = loopOver([{ name: 'a', path: '/api/v1/assessments' }]).replace('path: e2e/endpoints', `path: ${path}`)
  expect((await request.post('/api/playbooks', { data: { content } })).status()).toBe(201)
  for (let n = 0; n < 3; n++) {
    expect(await waitForEnd(request, await startRun(request, { path }))).toBe('COMPLETED')
  }
  await page.goto('/system')
  const line = page.getByRole('region', { name: 'Stored' }).getByRole('listitem').filter({ hasText: path })
  await expect(line).toContainText('3 runs', { timeout: 30_000 })
  await expect(line).toContainText('keeps every run')
  await line.getByRole('button', { name: 'Change' }).click()
  const dialog = page.getByRole('dialog', { name: `Keep runs of ${path}` })
  await expect(dialog.getByRole('status')).toHaveText('Everything is kept.')
  await dialog.getByLabel('The newest').fill('x')
  await expect(dialog.getByRole('status')).toHaveText('A limit is a whole number above 0.')
  await expect(dialog.getByRole('button', { name: 'Save' })).toBeDisabled()
  await dialog.getByLabel('The newest').fill('1')
  await expect(dialog.getByRole('status')).toContainText('This would remove 2 runs, about')
  await dialog.getByRole('button', { name: 'Save' }).click()
  await expect(line).toContainText('keeps the newest 1')
  await expect(line).toContainText('1 run', { timeout: 30_000 })
  await expect(line).toContainText('2 removed')
  const { items } = await (await request.get(`/api/executions?path=${encodeURIComponent(path)}`)).json()
  expect(items).toHaveLength(1)
})
