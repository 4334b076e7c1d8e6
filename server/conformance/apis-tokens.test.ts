import { CURSORS } from './testing/apis/cursors'
import { PAGE_TOKENS } from './testing/apis/page-tokens'
import { QUERIES } from './testing/apis/queries'
import { apiSuite } from './testing/api-suite'

apiSuite('APIs that go on from a cursor or from the last item', CURSORS)
apiSuite('APIs that hand out tokens for pages', PAGE_TOKENS)
apiSuite('APIs that are asked by a query in a body, or go on elsewhere', QUERIES)
