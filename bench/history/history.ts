/** All that the database holds of one execution, as far as the promises speak of it. */
export type History = {
  executionId: string
  status: string
  /** Why it failed, if it did. */
  error: string | null
  lastSeq: number
  endedAt: Date | null
  pages: number
  items: number
  steps: readonly StepFacts[]
  iterations: readonly IterationFacts[]
  stored: readonly StoredPage[]
  /** Failed tries that are on record. */
  failures: readonly PagePlace[]
  events: readonly EventFacts[]
  /** What this execution started and waits for. */
  children: readonly ChildFacts[]
}

export type StepFacts = {
  step: string
  status: string
  size: number | null
  completed: number
  failed: number
  skipped: number
  pages: number
  items: number
}

export type IterationFacts = { step: string; index: number; status: string; pages: number; items: number }

/** `step` and `index` are the parent's: the iteration that waits for the child. */
export type ChildFacts = { executionId: string; step: string; index: number; status: string; endedAt: Date | null }

export type PagePlace = { step: string; index: number; page: number }

export type StoredPage = PagePlace & { items: number; savedAt: Date }

export type EventFacts = { seq: number; type: string; step: string | null; index: number | null; page: number | null }

/** What a run should have come to, and what the API and the sink say of it. */
export type Expected = {
  /** Elements of a step, pages of each element, items of each page. */
  steps: Readonly<Record<string, { elements: number; pages: number; items: number }>>
  /** Times the API was asked for a page, by `placeOf`. */
  asked: ReadonlyMap<string, number>
  /** Times that a worker or its way to the database was broken while this run went. */
  interruptions: number
  /** Children of a step that runs another playbook: one an element. */
  children?: Readonly<Record<string, number>>
  /** One entry a row that sinks stored for this run, named so that the same row has the same name. */
  sinkRows?: { expected: number; stored: readonly string[] }
}

export const placeOf = ({ step, index, page }: PagePlace): string => `${step}/${index}/${page}`
