// Loaded before a worker: from `after` milliseconds on, its clock is `by` milliseconds ahead of this machine's.
const { searchParams } = new URL(import.meta.url)
const by = Number(searchParams.get('by'))
const after = Number(searchParams.get('after') ?? 0)
const RealDate = Date
const begun = RealDate.now()

const now = () => {
  const real = RealDate.now()
  return real - begun < after ? real : real + by
}

globalThis.Date = class Date extends RealDate {
  constructor(...parts) {
    if (parts.length === 0) super(now())
    else super(...parts)
  }

  static now() {
    return now()
  }
}
