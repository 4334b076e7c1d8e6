const STOPS: Record<string, string> = {
  no_next: 'the API gave no next page',
  has_more_false: 'the API says there is no more',
  total_reached: 'all items the API counts are here',
  empty_page: 'the last page was empty',
  short_page: 'the last page was not full',
  stop_status: 'a status named in the playbook ended it',
  when_true: 'the stop condition held',
  while_false: 'the condition to go on no longer held',
  max_pages: 'the most pages allowed were fetched',
  max_items: 'the most items allowed were fetched',
  repeated_page: 'the API gave the same page again',
  single_page: 'it asks for one page only',
  page_error: 'a page failed, and the playbook says to keep what there is',
}

/** Why no further page was asked for, in words; a reason of a newer server is shown as it is. */
export const stopWords = (reason: string): string => STOPS[reason] ?? reason.replaceAll('_', ' ')
