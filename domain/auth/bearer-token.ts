import type { HttpRequest } from '../http-message'

/** The header a request has until the token of its client is known. */
export const WITHOUT_TOKEN = 'Bearer '

/** True for a request that goes out with a token; one that left its credentials at home doesn't. */
export const wantsToken = (request: HttpRequest): boolean => request.headers['authorization'] === WITHOUT_TOKEN

/** The same request with the token in its place. */
export const withToken = (request: HttpRequest, token: string): HttpRequest => ({
  ...request,
  headers: { ...request.headers, authorization: `${WITHOUT_TOKEN}${token}` },
})
