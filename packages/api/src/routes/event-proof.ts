import { type Static, Type } from 'typebox'
import { closedWord } from '../closed-word.ts'
import type { Route } from '../route.ts'

const params = Type.Object({ eventId: Type.String({ minLength: 1, maxLength: 256 }) })

/** A proof that stands alone: `podwitness verify --proof FILE` checks it without a store. */
export const ProofFile = Type.Object({
  format: Type.Literal('podwitness-proof/1'),
  made: Type.String(),
  events: Type.Array(
    Type.Object({
      eventId: Type.String(),
      kind: Type.String(),
      cluster: Type.String(),
      node: Type.String(),
      source: Type.String(),
      timeMicros: Type.Integer({ description: 'Microseconds since the epoch.' }),
      rawEncoding: Type.String(),
      raw: Type.String(),
      path: Type.Array(Type.Object({ side: closedWord(['left', 'right'] as const), hash: Type.String() })),
      entry: Type.String({ description: 'Key into `entries`.' }),
    }),
    { minItems: 1, maxItems: 1 },
  ),
  entries: Type.Record(Type.String(), Type.Unknown(), { description: 'The signed entry of the ledger, by `chain#number`.' }),
  publicKey: Type.String({ description: 'PEM, SPKI.' }),
})
export type ProofFile = Static<typeof ProofFile>

/** What stands between an event and a signature, and whether it held when the server looked. */
export const eventProofRoute = {
  method: 'GET',
  right: 'read',
  narrows: true,
  path: '/api/v1/events/:eventId/proof',
  summary: 'Proof that an event is in a signed batch, unchanged: checked here, and as a file to check elsewhere.',
  params,
  reply: Type.Object({
    state: closedWord(
      ['proven', 'unproven', 'no-ledger'] as const,
      '`unproven`: no signed entry vouches for the batch as it stands; `no-ledger`: this server signs nothing.',
    ),
    batch: Type.Union([
      Type.Object({
        name: Type.String(),
        chain: Type.String(),
        entry: Type.Integer({ description: 'Number in its chain.' }),
        signed: Type.String({ description: 'When the entry was written.' }),
        rows: Type.Integer(),
        place: Type.Integer({ description: 'Of the event in the batch, from 0.' }),
        root: Type.String({ description: 'Merkle root over the rows, hexadecimal.' }),
        head: Type.String({ description: 'Hash of the entry, which the next one holds.' }),
        adopted: Type.Boolean({ description: 'The rows were there before the ledger: signed as they were found.' }),
      }),
      Type.Null(),
    ]),
    leaf: Type.String({ description: 'Hash of the event, hexadecimal.' }),
    key: Type.String({ description: 'Id of the key that signed.' }),
    checked: Type.String({ description: 'When this answer was worked out.' }),
    proof: Type.Union([ProofFile, Type.Null()]),
  }),
} as const satisfies Route
export type EventProofReply = Static<typeof eventProofRoute.reply>

/** The pod of an event as the cluster described it. */
export const eventPodRoute = {
  method: 'GET',
  right: 'read',
  narrows: true,
  path: '/api/v1/events/:eventId/pod',
  summary: 'The pod that an event happened in or is about, as it was last seen.',
  params,
  reply: Type.Object({
    pod: Type.Union([
      Type.Object({
        namespace: Type.String(),
        pod: Type.String(),
        uid: Type.String(),
        node: Type.String(),
        observed: Type.String({ description: 'When it was last seen.' }),
        object: Type.String({ description: 'Its JSON.' }),
      }),
      Type.Null(),
    ]),
  }),
} as const satisfies Route
export type EventPod = Static<typeof eventPodRoute.reply>['pod']
