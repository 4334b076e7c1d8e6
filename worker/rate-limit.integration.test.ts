import { rateLimitSuite } from './testing/rate-limit-suite'

await rateLimitSuite('postgresql')
