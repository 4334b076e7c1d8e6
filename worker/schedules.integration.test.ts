import { scheduleSuite } from './testing/schedule-suite'

await scheduleSuite('postgresql')
