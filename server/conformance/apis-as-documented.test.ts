import { apiSuite } from './testing/api-suite'
import { COUNTED_PAGES } from './testing/apis/counted-pages'
import { CURSORS } from './testing/apis/cursors'
import { HYPERMEDIA } from './testing/apis/hypermedia'
import { LINK_HEADERS } from './testing/apis/link-headers'
import { NEXT_URLS } from './testing/apis/next-urls'
import { OFFSETS } from './testing/apis/offsets'
import { PAGE_NUMBERS } from './testing/apis/page-numbers'
import { PAGE_TOKENS } from './testing/apis/page-tokens'
import { QUERIES } from './testing/apis/queries'

apiSuite('APIs with a Link header', LINK_HEADERS)
apiSuite('APIs whose answers have the URL of the next page', NEXT_URLS)
apiSuite('frameworks and formats with links in their answers', HYPERMEDIA)
apiSuite('APIs that go on from a cursor or the last item', CURSORS)
apiSuite('APIs that hand out tokens for pages', PAGE_TOKENS)
apiSuite('APIs that are asked by a query in a body, or go on elsewhere', QUERIES)
apiSuite('APIs that leave out a number of items', OFFSETS)
apiSuite('APIs that number their pages, or have none', PAGE_NUMBERS)
apiSuite('APIs that count in more than one way', COUNTED_PAGES)
