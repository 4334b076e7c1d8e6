const ABOUT =
  'A small API that Pageturner brings along to try things out. It is not a real service: the items are made up, the same each time, and nothing is stored.'

const ENDPOINTS = [
  {
    call: 'GET /api/v1/assessments',
    does: 'page and pageSize; answers data and paging',
    examples: ['/api/v1/assessments', '/api/v1/assessments?page=2&pageSize=20'],
  },
  {
    call: 'GET /api/v1/users',
    does: 'offset and limit, or page and pageSize; answers users, has_more, offset, limit, total, and data and paging as well',
    examples: ['/api/v1/users?offset=10&limit=15', '/api/v1/users?page=3&pageSize=15'],
  },
  {
    call: 'GET /api/v1/events',
    does: 'cursor (next_cursor of the answer before) and limit',
    examples: ['/api/v1/events?limit=20'],
  },
  {
    call: 'GET /api/v1/flaky',
    does: 'page and pageSize; the first try of the pages in fail_on answers 500; key keeps the tries of one run apart from those of others',
    examples: ['/api/v1/flaky?page=2&fail_on=2,3&key=demo'],
  },
  {
    call: 'POST /api/v1/flaky/reset',
    does: 'forgets which pages were tried; with key only those of this key',
    examples: [],
  },
  { call: 'GET /health', does: 'answers {"status":"ok"}', examples: ['/health'] },
] as const

const parametersOf = ({ pageDelayMs }: FrontPage) => ({
  delay_ms: `waits before the answer, 0 to 60000; pages wait ${pageDelayMs} ms unless told, so that there is something to watch`,
  total: 'how many items there are, 35 unless told',
  item_bytes: 'fills every item up to this size',
})

export type FrontPage = { url: string; pageDelayMs: number; served: ReadonlyMap<string, number> }

export function frontPageJson(page: FrontPage): string {
  return JSON.stringify({
    name: 'Pageturner sample API',
    about: ABOUT,
    url: page.url,
    endpoints: ENDPOINTS,
    parameters: parametersOf(page),
    requests_served: Object.fromEntries(page.served),
  })
}

export function frontPageHtml(page: FrontPage): string {
  const rows = ENDPOINTS.map(({ call, does, examples }) => {
    const links = examples.map((example) => `<br><a href="${escape(example)}">${escape(example)}</a>`).join('')
    return `<tr><td><code>${escape(call)}</code></td><td>${escape(does)}${links}</td></tr>`
  })
  const parameters = Object.entries(parametersOf(page)).map(
    ([name, does]) => `<tr><td><code>${name}</code></td><td>${escape(does)}</td></tr>`,
  )
  const counts = [...page.served].map(
    ([path, count]) => `<tr><td><code>${escape(path)}</code></td><td>${count}</td></tr>`,
  )
  return `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>Pageturner sample API</title>
<style>:root{color-scheme:light dark}body{font:16px/1.5 system-ui,sans-serif;max-width:52rem;margin:2rem auto;padding:0 1rem}table{border-collapse:collapse;width:100%}td{border-top:1px solid #8884;padding:.5rem 1rem .5rem 0;vertical-align:top;overflow-wrap:anywhere}</style>
<h1>Pageturner sample API</h1>
<p>${escape(ABOUT)} In a playbook it is <code>{{ secret.PAGINATED_API_URL }}</code>, here <code>${escape(page.url)}</code>.</p>
<h2>Endpoints</h2>
<table>${rows.join('')}</table>
<h2>Parameters of every endpoint</h2>
<table>${parameters.join('')}</table>
<h2>Requests served since the start</h2>
<table>${counts.join('')}</table>
</html>
`
}

const ESCAPES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' }

const escape = (text: string): string => text.replace(/[&<>"]/g, (character) => ESCAPES[character] ?? character)
