import { type Static, Type } from 'typebox'
import type { Route } from '../route.ts'

/**
 * The routes of the second listener (TLS, certificates of the server's own authority). `open` ones
 * need no client certificate; they carry a secret of their own.
 */

const Name = Type.String({ minLength: 1, maxLength: 253, pattern: '^[A-Za-z0-9]([-A-Za-z0-9_.]*[A-Za-z0-9])?$' })

/** What a sender is given: its certificate and the authority's. */
export const Issued = Type.Object({
  certificate: Type.String({ description: 'PEM.' }),
  ca: Type.String({ description: 'PEM.' }),
  agentId: Type.String(),
  notAfter: Type.String({ description: 'RFC 3339, UTC.' }),
})
export type Issued = Static<typeof Issued>

/** Exchanges a one-time token for a node certificate. */
export const joinRoute = {
  method: 'POST',
  right: 'none',
  path: '/intake/v1/join',
  summary: 'Exchanges a one-time join token and a signing request for a node certificate.',
  open: true,
  body: Type.Object({
    token: Type.String({ minLength: 1, maxLength: 256 }),
    csr: Type.String({ minLength: 1, maxLength: 16_384, description: 'PKCS#10 (RFC 2986), PEM; its subject is not used.' }),
    cluster: Name,
    node: Name,
  }),
  reply: Issued,
} as const satisfies Route

/** A new certificate for the same node before the old one ends. */
export const renewRoute = {
  method: 'POST',
  right: 'append',
  path: '/intake/v1/renew',
  summary: 'Issues a new certificate to the node whose certificate the request came with.',
  body: Type.Object({ csr: Type.String({ minLength: 1, maxLength: 16_384 }) }),
  reply: Issued,
} as const satisfies Route

/** A line that was not stored, and why. */
export const RejectedLine = Type.Object({
  line: Type.Integer({ description: '1-based.' }),
  code: Type.String(),
  message: Type.String(),
})
export type RejectedLine = Static<typeof RejectedLine>

/** What became of a batch; sent only when everything accepted is durable. */
export const BatchReply = Type.Object({
  accepted: Type.Integer(),
  rejected: Type.Array(RejectedLine, { description: 'At most 1 000 are listed; all are counted in `rejectedCount`.' }),
  rejectedCount: Type.Integer(),
  duplicate: Type.Boolean({ description: 'The batch had been stored before; nothing new was.' }),
})
export type BatchReply = Static<typeof BatchReply>

/** One batch of an agent: `application/x-ndjson`, gzip or plain, named by the header `x-podwitness-batch`. */
export const batchesRoute = {
  method: 'POST',
  right: 'append',
  path: '/intake/v1/batches',
  summary: 'Takes a batch of lines from a node agent; answers when it is durable.',
  reply: BatchReply,
} as const satisfies Route

/** The webhook back end of a kube-apiserver. */
export const apiserverRoute = {
  method: 'POST',
  right: 'append',
  path: '/intake/v1/apiserver/:cluster',
  summary: 'Takes an audit.k8s.io/v1 EventList from a kube-apiserver; answers when it is durable.',
  params: Type.Object({ cluster: Name }),
  reply: Type.Object({ accepted: Type.Integer(), rejected: Type.Integer() }),
} as const satisfies Route

/** Every route of the intake listener. */
export const INTAKE_ROUTES = [joinRoute, renewRoute, batchesRoute, apiserverRoute] as const
