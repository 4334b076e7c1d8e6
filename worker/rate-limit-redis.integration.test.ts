import { rateLimitSuite } from './testing/rate-limit-suite'

await rateLimitSuite('redis')
