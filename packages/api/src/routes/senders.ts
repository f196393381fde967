import { type Static, Type } from 'typebox'
import { closedWord } from '../closed-word.ts'
import type { Route } from '../route.ts'

/** What a token buys: a node certificate, or appending as an API server or an application. */
const KINDS = ['join', 'apiserver', 'app'] as const

/** A token without its secret. */
export const SenderToken = Type.Object({
  id: Type.String(),
  kind: closedWord(KINDS),
  cluster: Type.String({ description: 'Empty where a join token is good for any.' }),
  name: Type.String(),
  created: Type.String(),
  expires: Type.String({ description: 'Empty where it does not end.' }),
  reusable: Type.Boolean(),
  state: closedWord(['valid', 'used', 'revoked', 'expired'] as const),
})
export type SenderToken = Static<typeof SenderToken>

/** The newest certificate of a sender. */
export const SenderCertificate = Type.Object({
  senderId: Type.String(),
  role: closedWord(['node', 'apiserver'] as const),
  cluster: Type.String(),
  node: Type.String(),
  issued: Type.String(),
  notAfter: Type.String(),
  state: closedWord(['valid', 'expired', 'revoked'] as const),
})
export type SenderCertificate = Static<typeof SenderCertificate>

export const sendersRoute = {
  method: 'GET',
  right: 'audit',
  path: '/api/v1/senders',
  summary: 'Who may append: tokens without their secrets, and certificates of nodes and API servers.',
  reply: Type.Object({
    available: Type.Boolean({ description: 'False where this server has no data folder.' }),
    intakeOn: Type.Boolean({ description: 'Whether anybody listens for senders.' }),
    authority: Type.String({ description: 'SHA-256 of the authority’s certificate; empty where there is none yet.' }),
    tokens: Type.Array(SenderToken),
    certificates: Type.Array(SenderCertificate),
  }),
} as const satisfies Route

export const tokenCreateRoute = {
  method: 'POST',
  right: 'change',
  act: 'sender-token-create',
  path: '/api/v1/tokens',
  summary: 'Makes a token for a sender; its text is in this answer and nowhere else.',
  body: Type.Object({
    kind: closedWord(KINDS),
    cluster: Type.String({ minLength: 1, maxLength: 253 }),
    name: Type.Optional(Type.String({ maxLength: 200 })),
    reusable: Type.Optional(Type.Boolean({ description: 'Of a join token: any number of nodes may use it.' })),
    ttlMinutes: Type.Optional(
      Type.Integer({
        minimum: 1,
        maximum: 5_256_000,
        description: 'A day for a join token of one node, else for ever, where absent.',
      }),
    ),
  }),
  reply: Type.Object({ text: Type.String(), token: SenderToken }),
} as const satisfies Route

export const tokenRevokeRoute = {
  method: 'POST',
  right: 'change',
  act: 'sender-token-revoke',
  path: '/api/v1/tokens/:id/revoke',
  summary: 'Takes a token back.',
  params: Type.Object({ id: Type.String({ maxLength: 64 }) }),
  reply: Type.Object({}),
} as const satisfies Route

export const senderRevokeRoute = {
  method: 'POST',
  right: 'change',
  act: 'certificate-revoke',
  path: '/api/v1/senders/:id/revoke',
  summary: 'Takes every certificate of a sender back, for good.',
  params: Type.Object({ id: Type.String({ maxLength: 253 }) }),
  reply: Type.Object({}),
} as const satisfies Route
