import { expect, test } from './test'

test.describe('what is not there', () => {
  test.use({ allowedComplaints: { patterns: [/404/] } })

  test('a run that does not exist says so and what to do', async ({ page }) => {
    await page.goto('/runs/999999999')
    await expect(page.getByRole('alert').first()).toContainText('999999999')
  })

  test('an address that leads nowhere has a way home', async ({ page }) => {
    await page.goto('/nowhere')
    await page.getByRole('link', { name: 'Go home' }).click()
    await expect(page).toHaveURL(/\/$/)
  })

  test('a playbook that does not exist says so', async ({ page }) => {
    await page.goto('/playbooks/edit/no/such/playbook')
    await expect(page.getByRole('alert').first()).toContainText('no/such/playbook')
  })
})

test('the filters of the runs are in the address', async ({ page }) => {
  await page.goto('/runs?status=FAILED')
  await expect(page.getByRole('radio', { name: 'Failed' })).toBeChecked()
  await page.getByRole('radio', { name: 'Completed' }).check()
  await expect(page).toHaveURL(/status=COMPLETED/)
  await expect(page.getByRole('list', { name: 'Runs' }).getByText('failed', { exact: true })).toHaveCount(0)
})

test('the theme is chosen once and kept', async ({ page }) => {
  await page.emulateMedia({ colorScheme: 'light' })
  await page.goto('/runs')
  await page.getByRole('button', { name: 'Switch between light and dark' }).first().click()
  await expect(page.locator('html')).toHaveAttribute('data-theme', 'dark')
  await page.reload()
  await expect(page.locator('html')).toHaveAttribute('data-theme', 'dark')
})
