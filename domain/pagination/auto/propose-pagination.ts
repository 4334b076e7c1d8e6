import { mayBeCap } from '../page-cap'
import type { FirstAnswer } from './first-answer'
import { isUnsaid, proposeCounts } from './propose-counts'
import { proposeTokens, type Proposal } from './propose-tokens'
import { readExtent } from './read-extent'

/** What a first answer leads to believe: ways to its second page, best first, none of them proved yet. */
export type Proposals = {
  proposals: Proposal[]
  /** The sign that there is more; null: there is none, at most a `suspicion`. */
  more: string | null
  /** True when counts or flags promise more, so that an empty second page would be a wrong one. */
  promised: boolean
  /** Why there may be more although nothing says so: a full page, or numbered ones. */
  suspicion: string | null
  /** Why this was all, in words. */
  end: string
}

const MOST = 8

/** Reads the first answer for echoed page and offset, totals, next tokens and links (`paginate: {type: auto}`). */
export function proposePagination(answer: FirstAnswer): Proposals {
  const tokens = proposeTokens(answer)
  const extent = readExtent(answer, tokens[0]?.evidence[0] ?? null)
  const { more, promised, limit } = extent
  const count = answer.items.length
  const isShort = limit !== null && count < limit
  const end = extent.end ?? (isShort && !mayBeCap(count) ? `${count} items came where ${limit} fit` : null)
  if (more === null && end !== null) return { proposals: [], more, promised, suspicion: null, end }
  const proposals = [...tokens, ...proposeCounts(answer, extent)].slice(0, MOST).map((proposal) => ({
    ...proposal,
    paginate: { ...proposal.paginate, ...(Object.keys(extent.stop).length === 0 ? {} : { stop: extent.stop }) },
  }))
  const full = isShort
    ? `${count} items came of ${limit} asked for, which may be a cap`
    : `${count} items came, as many as fit`
  const unlimited = isUnsaid(answer)
    ? `${count} items came, which is the size of a page in many APIs`
    : 'the API numbers its pages'
  const suspicion = limit === null ? unlimited : full
  return {
    proposals,
    more,
    promised,
    suspicion: more === null && proposals.length > 0 ? suspicion : null,
    end: 'nothing says that there is more',
  }
}
