// Imports point one way: app, worker, cli → server → domain ← components ← app.
const TEST = '\\.test\\.tsx?$'
const TESTING = ['/testing/', TEST, '^e2e/']

const not = (name, comment, from, to) => ({ name, comment, severity: 'error', from, to })
const packages = (names) => `^node_modules/(${names.map((name) => name.replaceAll('.', '\\.')).join('|')})/`

module.exports = {
  forbidden: [
    not(
      'domain-is-pure',
      'domain/ imports only domain/ and its pure libraries; nothing of Node, nothing that does I/O.',
      { path: '^domain/', pathNot: TEST },
      {
        pathNot: [
          '^domain/',
          packages(['zod', 'yaml', 'nunjucks', '@types/nunjucks', 'jsonata', 'cron-parser', 'diff']),
        ],
      },
    ),
    not(
      'server-knows-no-caller',
      'server/ is used by app/, worker/ and cli/; it never imports them or any UI.',
      { path: '^server/', pathNot: TEST },
      { path: ['^(app|components|worker|cli)/', packages(['react', 'react-dom'])] },
    ),
    not(
      'adapters-know-no-use-case',
      'db, queue, http, sse, secrets do one thing; use cases compose them.',
      { path: '^server/(db|queue|http|sse|secrets)/', pathNot: TESTING },
      { path: '^server/(executions|playbooks)/' },
    ),
    not(
      'components-are-client-safe',
      'components/ receives plain data; it never reaches the server.',
      { path: '^components/' },
      { path: ['^(server|worker|cli)/', packages(['@prisma/client', 'bullmq', 'ioredis', 'pg', 'nunjucks'])] },
    ),
    not(
      'components-know-no-route',
      'A component is handed what it shows; routes import components, not the reverse.',
      { path: '^components/', pathNot: TEST },
      { path: '^app/' },
    ),
    not(
      'ui-knows-no-feature',
      'components/ui is generic.',
      { path: '^components/ui/' },
      { path: '^components/(?!ui/)' },
    ),
    not(
      'worker-has-no-ui',
      'The worker never loads Next, React or a component, nor the command line.',
      { path: '^worker/' },
      { path: ['^(app|components|cli)/', packages(['next', 'react', 'react-dom'])] },
    ),
    not(
      'app-is-thin',
      'Routes call server/; nothing in app/ opens a connection itself.',
      { path: '^app/', pathNot: TEST },
      {
        path: ['^(worker|cli)/', packages(['@prisma/client', 'bullmq', 'ioredis', 'pg', 'undici', 'nunjucks', 'yaml'])],
      },
    ),
    not(
      'cli-has-no-ui',
      'The command line runs processes and use cases; it never imports screens.',
      { path: '^cli/', pathNot: TEST },
      { path: ['^(app|components|e2e)/', packages(['react', 'react-dom', 'bullmq', 'ioredis', 'nunjucks'])] },
    ),
    not(
      'prisma-lives-in-server-db',
      'Only server/db sees Prisma; others ask it.',
      { pathNot: ['^server/db/', '^prisma/', '^prisma\\.config\\.ts$', TEST] },
      { path: ['^node_modules/(@prisma|\\.prisma|prisma)/', '^server/db/generated/'] },
    ),
    not(
      'bullmq-lives-in-queue-and-worker',
      'Only server/queue and worker see BullMQ and Redis.',
      { pathNot: ['^server/queue/', '^worker/', TESTING[0], TEST] },
      { path: packages(['bullmq', 'ioredis']) },
    ),
    not(
      'outbound-http-lives-in-server-http',
      'Whatever a playbook can reach is reached through the one connector.',
      { path: '^(server|worker|app)/', pathNot: ['^server/http/', TEST] },
      { path: packages(['undici']) },
    ),
    not(
      'e2e-is-a-user',
      'e2e drives the product from outside.',
      { path: '^e2e/' },
      { path: '^(app|components|domain|server|worker|cli)/' },
    ),
    not('no-test-imports', 'Product code never imports a test or its tools.', { pathNot: TESTING }, { path: TESTING }),
    not(
      'only-what-is-installed',
      'Every import resolves, to a package named in package.json.',
      {},
      { couldNotResolve: true },
    ),
  ],
  forbiddenAtRunTime: [
    not(
      'one-file-parses-templates',
      'Plain nunjucks runs any code: exactly one file loads it, for its parser.',
      { pathNot: '^domain/playbook/template/(read-nodes|nunjucks\\.d)\\.ts$' },
      { path: '^node_modules/nunjucks/' },
    ),
    not('no-cycles', 'No import cycle at run time.', {}, { circular: true }),
  ],
  options: {
    doNotFollow: { path: ['node_modules', '^server/db/generated/'] },
    parser: 'swc',
    preserveSymlinks: true,
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'require', 'node', 'default', 'types'],
    },
  },
}
