import { cutText } from '../cut-text'
import { PageFault } from './page-fault'

/**
 * Resolves a next URL (absolute, root-, path- or query-relative) against the URL that gave it; `shown` stands for it in
 * messages. Throws `bad_next_url`, `cross_origin_denied`.
 */
export function resolveNextUrl(
  reference: string,
  from: {
    url: string
    page: number
    homeOrigin: string
    allowedOrigins: readonly string[]
    shown?: string | undefined
  },
): string {
  const shown = cutText(from.shown ?? reference, 120)
  if (!URL.canParse(reference.trim(), from.url)) {
    throw new PageFault('bad_next_url', `page ${from.page} gives \`${shown}\` as the next URL, which is not a URL`)
  }
  const next = new URL(reference.trim(), from.url)
  if (next.protocol !== 'http:' && next.protocol !== 'https:') {
    throw new PageFault(
      'bad_next_url',
      `page ${from.page} gives \`${shown}\` as the next URL; only http and https can be fetched`,
    )
  }
  next.hash = ''
  next.username = ''
  next.password = ''
  if (next.origin !== from.homeOrigin && !from.allowedOrigins.includes(next.origin)) {
    const [where, setting] =
      from.shown === undefined
        ? [next.origin, `\`cross_origin: ["${next.origin}"]\``]
        : [`\`${shown}\``, 'its origin to `cross_origin`']
    throw new PageFault(
      'cross_origin_denied',
      `page ${from.page} leads to ${where}, another origin than ${from.homeOrigin}`,
      `if that is right, add ${setting} to the step; credentials are not sent there`,
    )
  }
  return next.href
}
