import AxeBuilder from '@axe-core/playwright'
import type { Page } from '@playwright/test'
import { DEMO, finishedDemo, loopOver, startRun, waitForEnd } from './start-run'
import { expect, test } from './test'

const THEMES = ['light', 'dark'] as const

async function screensOf(request: Parameters<typeof finishedDemo>[0]) {
  const id = await finishedDemo(request)
  await request.post('/api/schedules', { data: { path: DEMO, cron: '@yearly' } })
  await request.post('/api/webhooks', { data: { path: DEMO, name: 'accessible' } })
  await request.post('/api/notices', { data: { path: DEMO, url: 'https://notices.invalid/told', on: ['cancelled'] } })
  const failed = await startRun(request, {
    content: loopOver([{ name: 'missing', path: '/api/v1/nothing-here' }], { onFailure: 'fail' }),
  })
  await waitForEnd(request, failed)
  return [
    ['/', 'heading', 'Home'],
    ['/runs', 'list', 'Runs'],
    ['/system', 'region', 'Parts'],
    ['/playbooks', 'link', 'loop_with_pagination'],
    ['/playbooks/new', 'region', 'Inputs'],
    [`/playbooks/edit/${DEMO}`, 'region', 'Last runs'],
    [`/playbooks/schedules/${DEMO}`, 'list', 'Schedules'],
    [`/playbooks/schedules/${DEMO}?edit=new`, 'region', 'Next five times'],
    [`/playbooks/webhook/${DEMO}`, 'region', 'Notices'],
    [`/runs/${id}`, 'region', 'Expectations'],
    [`/runs/${id}?lens=events`, 'log', 'Event log'],
    [`/runs/${id}?lens=results`, 'grid', 'Items'],
    [`/runs/${id}?lens=playbook`, 'textbox', 'Playbook that ran'],
    [`/runs/${id}?scale=rows`, 'grid', 'Elements and their pages'],
    [`/runs/${id}?step=fetch_all_endpoints&e=1&p=2&inspect=response`, 'dialog', 'users, page 2'],
    [`/runs/${id}?step=fetch_all_endpoints&e=1&p=2&inspect=request`, 'dialog', 'users, page 2'],
    [`/runs/${failed}`, 'region', 'Failures'],
  ] as const
}

for (const theme of THEMES) {
  test(`no screen has a fault axe can find, ${theme}`, async ({ page, request }) => {
    test.setTimeout(300_000)
    await page.emulateMedia({ colorScheme: theme, reducedMotion: 'reduce' })
    for (const [address, role, name] of await screensOf(request)) {
      await page.goto(address)
      await expect(page.getByRole(role, { name }).first()).toBeVisible()
      const { violations } = await new AxeBuilder({ page }).analyze()
      const found = violations.map(
        ({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html.slice(0, 160)).join(' | ')}`,
      )
      expect(found, `${address} (${theme})`).toEqual([])
    }
  })
}

test('nothing scrolls sideways on a phone', async ({ page, request }) => {
  test.setTimeout(120_000)
  await page.setViewportSize({ width: 390, height: 844 })
  for (const [address, role, name] of await screensOf(request)) {
    await page.goto(address)
    await expect(page.getByRole(role, { name }).first()).toBeVisible()
    expect(await sidewaysBy(page), address).toBe(0)
  }
})

test('on a phone a playbook can be read and run, not edited', async ({ page }) => {
  await page.setViewportSize({ width: 390, height: 844 })
  await page.goto(`/playbooks/edit/${DEMO}`)
  await expect(page.getByLabel('Playbook, YAML')).toHaveAttribute('aria-readonly', 'true')
  await page.getByRole('button', { name: 'Run', exact: true }).click()
  await expect(page.getByRole('region', { name: 'Status' })).toContainText('Completed')
})

const sidewaysBy = (page: Page): Promise<number> =>
  page.evaluate(() => Math.max(document.documentElement.scrollWidth, document.body.scrollWidth) - window.innerWidth)
