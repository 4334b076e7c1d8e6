import type { IncomingMessage, ServerResponse } from 'node:http'

import { problemResponse } from '@/server/problem'
import { API_HEADERS } from '@/server/security-headers'

/** True when it answered 400 to an address with a % that begins no character: Next.js answers that as if it had broken itself. */
export function refuseUnreadableAddress({ url = '/' }: IncomingMessage, response: ServerResponse): boolean {
  const [path = '/'] = url.split('?', 1)
  try {
    decodeURIComponent(path)
    return false
  } catch {
    const detail = 'The address holds a % that is part of no character; a % itself is written %25.'
    void send(response, problemResponse({ code: 'bad_request', detail }))
    return true
  }
}

async function send(response: ServerResponse, answer: Response): Promise<void> {
  response.writeHead(answer.status, { ...API_HEADERS, ...Object.fromEntries(answer.headers) })
  response.end(await answer.text())
}
