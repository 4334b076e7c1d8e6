import { HYPERMEDIA } from './testing/apis/hypermedia'
import { LINK_HEADERS } from './testing/apis/link-headers'
import { NEXT_URLS } from './testing/apis/next-urls'
import { apiSuite } from './testing/api-suite'

apiSuite('APIs whose next page is in a `Link` header', LINK_HEADERS)
apiSuite('APIs whose answers have the URL of the next page', NEXT_URLS)
apiSuite('Frameworks and formats with links among their answers', HYPERMEDIA)
