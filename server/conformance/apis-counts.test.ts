import { COUNTED_PAGES } from './testing/apis/counted-pages'
import { OFFSETS } from './testing/apis/offsets'
import { PAGE_NUMBERS } from './testing/apis/page-numbers'
import { apiSuite } from './testing/api-suite'

apiSuite('APIs that leave out a number of items', OFFSETS)
apiSuite('APIs that number their pages, or have no pages', PAGE_NUMBERS)
apiSuite('APIs that count in more than one way', COUNTED_PAGES)
