import { killPointSuite } from './testing/kill-point-suite'

await killPointSuite('redis')
