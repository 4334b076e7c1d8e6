import { z } from 'zod'
import { oneOf, template, text } from './scalars'
import { strictKeys } from './strict-keys'

export const authSchema = z
  .discriminatedUnion(
    'type',
    [
      strictKeys('bearer auth', {
        type: z.literal('bearer').describe('Authorization: Bearer …'),
        token: template.describe('The token, as "{{ secret.NAME }}".'),
      }),
      strictKeys('basic auth', {
        type: z.literal('basic').describe('Authorization: Basic …'),
        username: template.describe('The user name.'),
        password: template.describe('The password, as "{{ secret.NAME }}".'),
      }),
      strictKeys('api_key auth', {
        type: z.literal('api_key').describe('A key in a header or a query parameter.'),
        name: text.default('X-API-Key').describe('The header or parameter.'),
        value: template.describe('The key, as "{{ secret.NAME }}".'),
        in: oneOf(['header', 'query']).default('header').describe('Where the key goes.'),
      }),
      strictKeys('oauth2_client_credentials auth', {
        type: z
          .literal('oauth2_client_credentials')
          .describe(
            'A token fetched with the client credentials grant (RFC 6749, 4.4), fetched anew before it expires and once when the API answers 401.',
          ),
        token_url: template.describe('Where tokens are given out.'),
        client_id: template.describe('The client id.'),
        client_secret: template.describe('The client secret, as "{{ secret.NAME }}".'),
        scope: template.optional().describe('The scope asked for.'),
        audience: template.optional().describe('The audience asked for.'),
      }),
    ],
    { error: 'an object with a type: bearer, basic, api_key or oauth2_client_credentials' },
  )
  .describe('What the requests authenticate with. It stays with the origin it was given for.')

export type AuthSource = z.infer<typeof authSchema>
