import type { z } from 'zod'
import { problemOf, problemResponse } from './problem'
import { API_HEADERS } from './security-headers'
import { guardRequest } from './web-guard'

const METHODS = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'] as const
type Method = (typeof METHODS)[number]

type RouteContext = { params: Promise<Record<string, string | string[] | undefined>> }
type RouteMethod = (request: Request, context?: RouteContext) => Promise<Response>
type Answer = Response | Promise<Response>

/**
 * The exports of a route file. Each request is guarded here, not only in the proxy, which has been bypassed before;
 * whatever a handler throws becomes a problem document, and a method without a handler is a 405 that names the others.
 */
export function apiRoute<Params extends z.ZodType>(
  params: Params,
  handlers: Partial<Record<Method, (request: Request, params: z.output<Params>) => Answer>>,
): Record<Method | 'OPTIONS', RouteMethod> {
  const allow = METHODS.filter((method) => handlers[method] !== undefined).join(', ')
  const method = (name: Method): RouteMethod => {
    const handler = handlers[name]
    return (request, context) =>
      guarded(request, async () => {
        if (handler === undefined) return methodNotAllowed(request, allow)
        const parsed = params.safeParse((await context?.params) ?? {})
        return parsed.success ? handler(request, parsed.data) : noSuchAddress(request, parsed.error)
      })
  }
  return {
    GET: method('GET'),
    POST: method('POST'),
    PUT: method('PUT'),
    PATCH: method('PATCH'),
    DELETE: method('DELETE'),
    OPTIONS: (request) => guarded(request, async () => new Response(null, { status: 204, headers: { allow } })),
  }
}

async function guarded(request: Request, answer: () => Promise<Response>): Promise<Response> {
  const response = guardRequest(request) ?? (await answer().catch(problemOf))
  for (const [name, value] of Object.entries(API_HEADERS)) {
    if (!response.headers.has(name)) response.headers.set(name, value)
  }
  return response
}

function methodNotAllowed(request: Request, allow: string): Response {
  return problemResponse({
    code: 'method_not_allowed',
    detail: `${request.method} is not something this address takes${allow === '' ? '' : `; it takes ${allow}`}.`,
    headers: { allow },
  })
}

function noSuchAddress(request: Request, error: z.ZodError): Response {
  const reason = error.issues.map((issue) => issue.message).join('; ')
  return problemResponse({
    code: 'not_found',
    detail: `There is nothing at ${new URL(request.url).pathname}: ${reason}.`,
  })
}
