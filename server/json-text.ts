/** JSON that was put together as text, so that stored numbers keep their digits. */
export const jsonText = (text: string): Response =>
  new Response(text, { headers: { 'content-type': 'application/json' } })
