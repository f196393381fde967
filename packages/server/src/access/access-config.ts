import { ROLES } from '@podwitness/api'
import { type Static, Type } from 'typebox'

const only = { additionalProperties: false }
const Text = Type.String({ minLength: 1, maxLength: 1000 })
const Names = Type.Array(Type.String({ minLength: 1, maxLength: 253, pattern: '^[^\\s*]+\\*?$' }), { maxItems: 100 })

/** Signing in through an OpenID Connect provider. */
export const OidcConfig = Type.Object(
  {
    name: Type.Optional(Type.String({ minLength: 1, maxLength: 60, description: 'What the sign-in page calls it.' })),
    issuer: Type.String({ pattern: '^https?://', description: 'https, or http on this machine.' }),
    clientId: Text,
    clientSecretFile: Type.Optional(
      Type.String({ minLength: 1, description: 'File with the secret; none for a public client.' }),
    ),
    publicUrl: Type.String({
      pattern: '^https?://[^/?#]+/?$',
      description: 'Where browsers reach this server; the provider is told of /oidc/callback below it.',
    }),
    scopes: Type.Optional(Type.Array(Text, { description: '`openid profile email` where absent.' })),
    userClaim: Type.Optional(Type.String({ minLength: 1, description: '`preferred_username` where absent.' })),
    groupsClaim: Type.Optional(Type.String({ minLength: 1, description: '`groups` where absent.' })),
    groups: Type.Array(
      Type.Object(
        {
          group: Text,
          role: Type.Unsafe<(typeof ROLES)[number]>({ type: 'string', enum: [...ROLES] }),
          namespaces: Type.Optional(Names),
          clusters: Type.Optional(Names),
        },
        only,
      ),
      { minItems: 1, description: 'What members of a group may do and see. Who is in none does not get in.' },
    ),
  },
  only,
)
export type OidcConfig = Static<typeof OidcConfig>

/** Who may what: the part of the configuration file of `podwitness serve`. */
export const AccessConfig = Type.Object(
  {
    oidc: Type.Optional(OidcConfig),
    proxies: Type.Optional(
      Type.Array(Text, {
        description:
          'Addresses or networks (10.0.0.0/8) of proxies in front: what they say of the address of a caller (X-Forwarded-For) is believed.',
      }),
    ),
    signIns: Type.Optional(
      Type.Object(
        {
          idleMinutes: Type.Optional(Type.Integer({ minimum: 1, maximum: 1440, description: '120 where absent.' })),
          hours: Type.Optional(Type.Integer({ minimum: 1, maximum: 168, description: 'At the latest; 12 where absent.' })),
        },
        only,
      ),
    ),
  },
  only,
)
export type AccessConfig = Static<typeof AccessConfig>
