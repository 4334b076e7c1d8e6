import { NextResponse, type NextRequest } from 'next/server'
import { env } from './server/env'
import { COMMON_HEADERS, pagePolicy } from './server/security-headers'
import { guardRequest } from './server/web-guard'

/**
 * Before every answer, static files included: the guard, and for screens the policy that lets only scripts with this
 * response's nonce run. The API's routes check again by themselves (server/api-route.ts).
 */
export function proxy(request: NextRequest): Response {
  const refused = guardRequest(request)
  if (refused !== null) return withHeaders(refused, COMMON_HEADERS)
  if (request.nextUrl.pathname.startsWith('/api/')) return NextResponse.next()

  const nonce = Buffer.from(crypto.getRandomValues(new Uint8Array(16))).toString('base64')
  const policy = pagePolicy(nonce, { development: env.NODE_ENV === 'development' })
  // Next reads the nonce for its own inline scripts from the request's policy; the layout reads it from x-nonce.
  const headers = new Headers(request.headers)
  headers.set('x-nonce', nonce)
  headers.set('content-security-policy', policy)
  return withHeaders(NextResponse.next({ request: { headers } }), {
    ...COMMON_HEADERS,
    'content-security-policy': policy,
  })
}

function withHeaders(response: Response, headers: Readonly<Record<string, string>>): Response {
  for (const [name, value] of Object.entries(headers)) response.headers.set(name, value)
  return response
}
