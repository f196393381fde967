import { existsSync } from 'node:fs'
import { join } from 'node:path'
import type { RouteInput, RouteReply, SenderCertificate, sendersRoute, tokenCreateRoute } from '@podwitness/api'
import { pkiFolder } from '../intake/start-intake.ts'
import { Authority } from '../pki/authority.ts'
import type { IssuedFact } from '../pki/issued-account.ts'
import { TokenStore } from '../pki/token-store.ts'
import { ServerError } from '../server-error.ts'

/** A join token of one node is good for so long unless said otherwise, milliseconds. */
const JOIN_TTL_MS = 86_400_000

/** Tokens and certificates of senders, in the data folder; the command line works on the same files. */
export class SenderDesk {
  readonly #folder: string | undefined
  readonly #intakeOn: boolean

  /** @param folder Data folder; undefined where this process has none. */
  constructor(folder: string | undefined, intakeOn: boolean) {
    this.#folder = folder
    this.#intakeOn = intakeOn
  }

  /** Who may append. Nothing is made by looking: where there is no authority yet there are no certificates. */
  async list(): Promise<RouteReply<typeof sendersRoute>> {
    if (this.#folder === undefined)
      return { available: false, intakeOn: this.#intakeOn, authority: '', tokens: [], certificates: [] }
    const { authority: place, tokens } = pkiFolder(this.#folder)
    const authority = existsSync(join(place, 'authority.pem')) ? await Authority.open(place) : undefined
    return {
      available: true,
      intakeOn: this.#intakeOn,
      authority: authority?.fingerprint ?? '',
      tokens: new TokenStore(tokens).list(),
      certificates: (authority?.issued() ?? []).map(certificateOf),
    }
  }

  /** @throws ServerError PW-SG-002 where there is no data folder. */
  async createToken(wanted: RouteInput<typeof tokenCreateRoute>['body']): Promise<RouteReply<typeof tokenCreateRoute>> {
    const { authority, tokens } = pkiFolder(this.#needFolder())
    const { kind, cluster, name = '', reusable = false, ttlMinutes } = wanted
    const ttlMs = ttlMinutes === undefined ? (kind === 'join' && !reusable ? JOIN_TTL_MS : undefined) : ttlMinutes * 60_000
    const { fingerprint } = await Authority.open(authority)
    const request = { kind, cluster, name, reusable: kind === 'join' && reusable, ...(ttlMs === undefined ? {} : { ttlMs }) }
    const { text, fact } = new TokenStore(tokens).create(request, fingerprint)
    return { text, token: fact }
  }

  /** @throws PkiError PW-PK-004 where there is no valid token of this id. */
  revokeToken(id: string): void {
    new TokenStore(pkiFolder(this.#needFolder()).tokens).revoke(id)
  }

  /** @throws ServerError PW-SG-003 where no such sender was given a certificate. */
  async revokeSender(senderId: string): Promise<void> {
    const authority = await Authority.open(pkiFolder(this.#needFolder()).authority)
    if (!authority.issued().some((fact) => fact.senderId === senderId))
      throw new ServerError('PW-SG-003', 404, {
        what: `No certificate was issued to ${senderId}.`,
        why: 'The id is wrong, or the sender joined another server.',
        do: 'Look at the list of certificates.',
      })
    authority.revoke(senderId)
  }

  #needFolder(): string {
    if (this.#folder !== undefined) return this.#folder
    throw new ServerError('PW-SG-002', 409, {
      what: 'This server keeps no tokens.',
      why: 'It was started without a data folder.',
      do: 'Use `podwitness tokens` with the data folder of the process that takes data in.',
    })
  }
}

function certificateOf({ revoked, role, cluster, node, senderId, issued, notAfter }: IssuedFact): SenderCertificate {
  const state = revoked ? 'revoked' : Date.parse(notAfter) < Date.now() ? 'expired' : 'valid'
  return { role, cluster, node, senderId, issued, notAfter, state }
}
