import { readdirSync } from 'node:fs'
import { expect, it } from 'vitest'
import { API_CALLS } from '@/domain/api/calls'
import { callRoute } from './testing/call-route'

const FOLDER = new URL('.', import.meta.url).pathname
/** What answers where nothing is, the document itself, and what tests call routes with. */
const NO_CALLS = ['[[...path]]', 'openapi.json', 'testing']
/** One file answers for the fixed names as well. */
const UNDER_PLAYBOOKS = /^(\/api\/playbooks)\/(?:validate|test|detect)$/

it('describes every method of every route, and no other', async () => {
  const files = readdirSync(FOLDER, { recursive: true, encoding: 'utf8' })
  const routes = files.filter((file) => file.endsWith('route.ts') && !NO_CALLS.some((name) => file.startsWith(name)))
  const answered = await Promise.all(
    routes.map(async (file) => {
      const route: Record<string, unknown> = await import(/* @vite-ignore */ `${FOLDER}${file}`)
      const { headers } = await callRoute(route, { method: 'OPTIONS' })
      const path = `/api/${file.replace(/\/?route\.ts$/, '')}`.replaceAll(/\[(?:\.\.\.)?(\w+)\]/g, '{$1}')
      return (headers.get('allow') ?? '').split(', ').map((method) => `${method} ${path}`)
    }),
  )
  const described = API_CALLS.map(
    ({ method, path }) => `${method.toUpperCase()} ${path.replace(UNDER_PLAYBOOKS, '$1/{path}')}`,
  )
  expect([...new Set(described)].toSorted()).toEqual(answered.flat().toSorted())
})
