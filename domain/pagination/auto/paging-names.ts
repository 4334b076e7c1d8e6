/** How APIs call the number of a page, an offset and the size of a page; plain names, best known first. */
export const PAGE_NAMES = ['page', 'currentpage', 'pagenumber', 'pageno', 'pageindex', 'number']
export const OFFSET_NAMES = ['offset', 'skip', 'startat', 'startindex', 'start', 'from']
export const LIMIT_NAMES = ['limit', 'pagesize', 'perpage', 'itemsperpage', 'maxresults', 'size', 'take', 'top']
