import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, test } from '@playwright/test'
import { DEMO, finishedDemo, loopOver, startRun, waitForEnd } from '../start-run'

const FOLDER = fileURLToPath(new URL('../../docs/screens/', import.meta.url))
const SIZES = [
  { width: 1440, height: 900 },
  { width: 390, height: 844 },
]

type Screen = {
  name: string
  address: string
  role: 'region' | 'grid' | 'log' | 'list' | 'dialog' | 'link' | 'tabpanel'
  label: string
  /** A button that is pressed first. */
  press?: string
}
let screens: Screen[] = []

test.beforeAll(async ({ request }) => {
  test.setTimeout(240_000)
  await makeTriggers(request)
  const demo = await finishedDemo(request)
  const retried = await retriedRun(request)
  const ugly = await startRun(request, { content: loopOver(uglyEndpoints(), { concurrency: 8 }) })
  await waitForEnd(request, ugly, 180_000)
  screens = [
    { name: 'home', address: '/', role: 'list', label: 'Recent runs' },
    { name: 'playbooks', address: '/playbooks', role: 'link', label: 'loop_with_pagination' },
    { name: 'editor', address: `/playbooks/edit/${DEMO}`, role: 'region', label: 'Last runs' },
    { name: 'test', address: `/playbooks/edit/${DEMO}`, press: 'Test', role: 'tabpanel', label: 'items' },
    { name: 'schedules', address: `/playbooks/schedules/${DEMO}?edit=new`, role: 'list', label: 'Schedules' },
    { name: 'webhooks', address: `/playbooks/webhook/${DEMO}`, role: 'list', label: 'Notices of this playbook' },
    { name: 'system', address: '/system', role: 'region', label: 'Stored' },
    { name: 'runs', address: '/runs', role: 'list', label: 'Runs' },
    { name: 'run', address: `/runs/${demo}`, role: 'region', label: 'Expectations' },
    { name: 'run-retries', address: `/runs/${retried}`, role: 'region', label: 'Timeline' },
    { name: 'run-200-elements', address: `/runs/${ugly}`, role: 'grid', label: 'Elements and their pages' },
    {
      name: 'inspector',
      address: `/runs/${retried}?step=fetch&e=1&p=2&inspect=response`,
      role: 'dialog',
      label: 'flaky, page 2',
    },
    { name: 'events', address: `/runs/${retried}?lens=events`, role: 'log', label: 'Event log' },
    { name: 'results', address: `/runs/${demo}?lens=results`, role: 'grid', label: 'Items' },
  ]
})

for (const theme of ['light', 'dark'] as const) {
  for (const viewport of SIZES) {
    test(`${viewport.width} px, ${theme}`, async ({ browser, baseURL }) => {
      const context = await browser.newContext({
        viewport,
        colorScheme: theme,
        reducedMotion: 'reduce',
        ...(baseURL && { baseURL }),
      })
      const page = await context.newPage()
      for (const { name, address, press, role, label } of screens) {
        await page.goto(address)
        if (press !== undefined) await page.getByRole('button', { name: press, exact: true }).click()
        await expect(page.getByRole(role, { name: label }).first()).toBeVisible()
        await expect(page.locator('[aria-busy=true], .skeleton')).toHaveCount(0)
        await page.screenshot({ path: path.join(FOLDER, `${name}-${viewport.width}-${theme}.png`) })
      }
      await context.close()
    })
  }
}

/** What starts the demo by itself, and who is told of it, made before it runs. */
async function makeTriggers(request: Parameters<typeof startRun>[0]): Promise<void> {
  const post = (what: string, data: object) => request.post(`/api/${what}`, { data: { path: DEMO, ...data } })
  await post('schedules', { cron: '0 2 * * *', time_zone: 'Europe/Berlin', missed: 'run_once' })
  await post('schedules', { cron: '0 9 * * MON-FRI', time_zone: 'America/New_York', missed: 'run_all', paused: true })
  await post('webhooks', { name: 'billing', inputs: ['server_url'] })
  await post('notices', {
    url: 'https://chat.example.com/hooks/{{ secret.CHAT_KEY }}',
    on: ['failed'],
    secret: 'shared secret',
  })
}

async function retriedRun(request: Parameters<typeof startRun>[0]): Promise<string> {
  const id = await startRun(request, {
    content: loopOver([
      { name: 'assessments', path: '/api/v1/assessments?delay_ms=140' },
      { name: 'flaky', path: `/api/v1/flaky?fail_on=2,3&delay_ms=120&key=screens-${Date.now()}` },
      { name: 'users', path: '/api/v1/users?delay_ms=180' },
    ]),
  })
  await waitForEnd(request, id)
  return id
}

/** Long names, names from right to left, failures, retries and very different numbers of pages. */
function uglyEndpoints(): { name: string; path: string }[] {
  const key = Date.now()
  return Array.from({ length: 200 }, (_, at) => ({ name: uglyName(at), path: uglyPath(at, key) }))
}

function uglyName(at: number): string {
  if (at % 23 === 5) return `الموردون والعملاء ${at}`
  if (at % 31 === 9) return `a-name-that-somebody-once-made-far-too-long-for-any-list-${at}`
  return `${['acme', 'beta-corp', 'contoso', 'delta', 'epsilon'][at % 5]}-${at}`
}

function uglyPath(at: number, key: number): string {
  if (at % 29 === 7) return '/api/v1/nothing-here'
  if (at % 11 === 3) return `/api/v1/flaky?fail_on=2&key=${key}-${at}`
  return `/api/v1/assessments?total=${10 + ((at * 37) % 210)}`
}
