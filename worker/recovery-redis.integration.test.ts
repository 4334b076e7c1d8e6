import { recoverySuite } from './testing/recovery-suite'

await recoverySuite('redis')
