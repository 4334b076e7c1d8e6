import { env } from '@/server/env'

type Params = Record<string, string | string[]>
export type Call = {
  query?: string
  method?: string
  /** An object goes as JSON, text as it is. */
  body?: unknown
  headers?: Record<string, string>
  params?: Params
}

/** The Host this server answers to. */
export const ownHost = (): string => `localhost:${env.PAGETURNER_PORT}`

/** Calls a method of a route file as Next.js does. */
export async function callRoute(route: Record<string, unknown>, call: Call = {}): Promise<Response> {
  const { query = '', method = 'GET', body, headers = {}, params = {} } = call
  const request = new Request(`http://${ownHost()}/api/called${query}`, {
    method,
    headers: { host: ownHost(), ...(body === undefined ? {} : { 'content-type': 'application/json' }), ...headers },
    ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
  })
  const handler = route[method]
  if (typeof handler !== 'function') throw new Error(`The route has no ${method}.`)
  return handler(request, { params: Promise.resolve(params) })
}
