import { retryNowSuite } from './testing/retry-now-suite'

await retryNowSuite('postgresql')
