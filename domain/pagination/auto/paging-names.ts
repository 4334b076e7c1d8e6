/** How APIs call the number of a page, an offset and the size of a page; plain names, best known first. */
export const PAGE_NAMES = ['page', 'currentpage', 'pagenumber', 'pageno', 'pageindex', 'number']
export const OFFSET_NAMES = ['offset', 'skip', 'startat', 'startindex', 'start', 'from', 'retstart']
export const LIMIT_NAMES = [
  'limit', 'pagesize', 'perpage', 'itemsperpage', 'maxresults', 'size', 'take', 'top',
  'hitsperpage', 'pagelimit', 'rows', 'retmax', 'sysparmlimit', 'pagelen', 'first',
] // prettier-ignore

export const HAS_MORE = [
  'hasmore', 'hasnext', 'hasnextpage', 'more', 'moreavailable', 'hasmoreitems', 'hasmorepages', 'hasmoreresults', 'moreresults', 'morerecords',
  'moreitems', 'moreitemsincollection', 'istruncated', 'truncated',
] // prettier-ignore
/** Flags that are true on the last page. */
export const LAST = ['islast', 'last', 'islastpage', 'lastpage', 'done', 'endofstream']

/** Where a filter is in force, what it leaves is counted first: the whole collection is not what pages lead through. */
export const TOTAL = [
  'filtercount', 'filteredcount', 'recordsfiltered', 'totalfiltered', 'total', 'totalcount', 'totalitems', 'totalresults', 'totalrecords',
  'totalelements', 'totalrows', 'totalsize', 'totalhits', 'recordstotal', 'numfound', 'nummatched', 'numbermatched', 'nbhits', 'odatacount', 'count',
] // prettier-ignore
export const TOTAL_PAGES = ['totalpages', 'pagecount', 'lastpage', 'numpages', 'nbpages', 'pages']

const TELLING = [...PAGE_NAMES, ...OFFSET_NAMES, ...LIMIT_NAMES, ...HAS_MORE, ...TOTAL, ...TOTAL_PAGES]
/** Words that an object which is no page of a list may have as well. */
const GENERAL = new Set(['number', 'start', 'from', 'size', 'take', 'top', 'more', 'pages', 'rows', 'first'])

/** True for a name that only stands beside the items of a page. */
export const tellsOfPaging = (name: string): boolean =>
  (TELLING.includes(name) && !GENERAL.has(name)) || /^next(?:page|cursor|token|link|url|uri|href)/.test(name)
