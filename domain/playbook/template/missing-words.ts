import { ofWord, sameHint, type Hints } from './hints'

const NO_HTML = 'Leave it out: nothing here is HTML, so nothing is escaped.'
const NO_REGEX =
  'There are no regular expressions in templates: use split, replace, `in` or slices, or `tool: transform`.'
const NO_CLOCK =
  'There are no clock and no dates in templates: take the date as an input, and cut it as text, as in day[:10].'
const NO_LAYOUT = 'Leave it out: it only lays text out for people.'
const NO_CODEC =
  'Templates neither hash nor encode but for | urlencode and | tojson; `auth` makes the header of a login.'
const NO_CHANGE = 'Data is never changed in place: join lists with +, write a new object, or use `tool: transform`.'
const IS_READ = 'JSON of a response is read already, as response.field.'
const NO_DRAW = 'Nothing is random here, so that a page asked for again is the same.'
const MERGE = 'Write an object with its keys, or merge in `tool: transform`.'
const WRITTEN_OUT = 'Every field is a template of its own: write it out, or put what is shared into the workload.'

const FILTERS: Hints = {
  attr: 'Write the member itself: x.name, or x["a name"].',
  bool: 'Compare it, as in x == "true".',
  combine: MERGE,
  dict2items: 'Write | items.',
  filesizeformat: NO_LAYOUT,
  flatten: 'Write | sum(start=[]).',
  items2dict: MERGE,
  pprint: 'Write | tojson(2).',
  split: 'It is a method: text.split(",").',
  ternary: 'Write a if condition else b.',
  truncate: 'Cut it with a slice: text[:20].',
  wordcount: 'Write text.split() | length.',
  zip: 'Take the other list by its index: other[loop.index0].',
  ...sameHint(['e', 'escape', 'forceescape', 'safe', 'striptags', 'urlize', 'xmlattr'], NO_HTML),
  ...sameHint(['center', 'indent', 'wordwrap'], NO_LAYOUT),
  ...sameHint(['random', 'shuffle'], NO_DRAW),
  ...sameHint(['to_json', 'to_nice_json', 'json', 'dump'], 'Write | tojson.'),
  ...sameHint(['from_json', 'fromjson', 'from_yaml', 'parse_json'], IS_READ),
  ...sameHint(['regex_replace', 'regex_search', 'regex_findall'], NO_REGEX),
  ...sameHint(['strftime', 'to_datetime', 'date', 'datetime', 'timestamp'], NO_CLOCK),
  ...sameHint(['b64encode', 'b64decode', 'hash', 'md5', 'sha1', 'sha256'], NO_CODEC),
}

const TESTS: Hints = {
  contains: 'Write `value in x`.',
  empty: 'Write `not x`.',
  ...sameHint(['callable', 'escaped', 'filter', 'test'], 'Leave it out: all that templates see is data.'),
  ...sameHint(['match', 'search', 'regex'], NO_REGEX),
  ...sameHint(['list', 'array', 'tuple'], 'Write `x is sequence and x is not string and x is not mapping`.'),
  ...sameHint(['dict', 'object'], 'Write `is mapping`.'),
  ...sameHint(['int', 'str', 'bool'], 'Write `is integer`, `is string` or `is boolean`.'),
  ...sameHint(['failed', 'success', 'succeeded', 'skipped'], 'A step tells by its counts, as step_name.stats.failed.'),
}

const FUNCTIONS: Hints = {
  cycler: 'Write ["a", "b"][loop.index0 % 2].',
  dict: 'Write it out: {"key": value}.',
  joiner: 'Write list | join(", "), or {% if not loop.last %}, {% endif %}.',
  len: 'Write x | length.',
  lipsum: NO_DRAW,
  namespace: 'What is set in a loop ends with it: use | sum, | map and | selectattr, or `tool: transform`.',
  print: 'Write {{ x }}.',
  sorted: 'Write x | sort.',
  str: 'Write x | string.',
  token: 'A token is fetched by `auth: { type: oauth2_client_credentials, … }`, or read as secret.NAME.',
  enumerate: 'Read loop.index0 inside {% for %}.',
  zip: 'Take the other list by its index: other[loop.index0].',
  ...sameHint(['abs', 'float', 'int', 'list', 'max', 'min', 'round', 'sum'], 'Write it as a filter: x | int.'),
  ...sameHint(['any', 'all'], 'Count with a filter: (list | select | list | length) > 0.'),
  ...sameHint(['now', 'today', 'utcnow', 'datetime', 'date', 'time', 'timedelta', 'strftime'], NO_CLOCK),
  ...sameHint(['getenv', 'environ', 'lookup', 'env_var'], 'Write env.NAME, or secret.NAME.'),
  ...sameHint(['uuid', 'random'], NO_DRAW),
}

const METHODS: Hints = {
  changed: 'Compare with loop.previtem.',
  casefold: 'Write x.lower().',
  copy: 'Leave it out: data is never changed.',
  cycle: 'Write ["a", "b"][loop.index0 % 2].',
  format: 'Write "%s and %02d" | format(x, y), or join with ~.',
  has_key: 'Write `key in x`.',
  index: 'Write x.find(part), or `part in x`.',
  includes: 'Write `part in x`.',
  length: 'Write x | length.',
  ...sameHint(['partition', 'rpartition'], 'Write x.split(part, 1) or x.rsplit(part, 1).'),
  ...sameHint(['isalpha', 'isnumeric', 'isdecimal', 'isalnum'], 'Write x.isdigit(), or compare with x | int(-1).'),
  ...sameHint(['center', 'expandtabs'], NO_LAYOUT),
  sort: 'Write x | sort.',
  toFixed: 'Write "%.2f" | format(x).',
  toString: 'Write x | string.',
  trim: 'Write x.strip().',
  ...sameHint(['append', 'extend', 'insert', 'pop', 'push', 'remove', 'setdefault', 'update', 'concat'], NO_CHANGE),
  ...sameHint(['encode', 'decode'], 'Leave it out: text is text; | urlencode makes it fit for a URL.'),
  ...sameHint(
    ['filter', 'forEach', 'map', 'reduce'],
    'Write a filter: | map(attribute="id"), | selectattr("id", "gt", 1), | sum.',
  ),
  ...sameHint(['isoformat', 'strftime', 'strptime', 'timestamp', 'toISOString'], NO_CLOCK),
  ...sameHint(['match', 'search', 'sub', 'test'], NO_REGEX),
  ...sameHint(['slice', 'substring', 'substr'], 'Write a slice: x[0:10].'),
  ...sameHint(['toLowerCase', 'toUpperCase'], 'Write x.lower() or x.upper().'),
}

const TAGS: Hints = {
  autoescape: NO_HTML,
  do: NO_CHANGE,
  filter: 'Write {{ text | upper }}.',
  print: 'Write {{ x }}.',
  with: 'Write {% set name = value %}.',
  ...sameHint(['raw', 'verbatim'], 'Write braces as a text: {{ "{{" }}.'),
  ...sameHint(['break', 'continue'], 'Write a condition: {% for x in list if x.on %}.'),
  ...sameHint(['macro', 'call', 'import', 'from', 'include', 'extends', 'block'], WRITTEN_OUT),
}

const WORDS: Readonly<Record<string, Hints>> = {
  filter: FILTERS,
  test: TESTS,
  function: FUNCTIONS,
  method: METHODS,
  tag: TAGS,
}

/** What to write for a filter, test, function, method or tag that others have and these templates don't; null where that is not known. */
export const hintForMissing = (what: string, name: string): string | null => ofWord(ofWord(WORDS, what), name)
