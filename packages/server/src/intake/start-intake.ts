import { hostname, networkInterfaces } from 'node:os'
import { join } from 'node:path'
import type { Store } from '@podwitness/store'
import type { FastifyInstance } from 'fastify'
import { Authority } from '../pki/authority.ts'
import { TokenStore } from '../pki/token-store.ts'
import type { Parcel } from '../rows/parcel.ts'
import { ServerError } from '../server-error.ts'
import { DiskGuard, type DiskLimits } from './disk-guard.ts'
import { GroupWriter } from './group-writer.ts'
import { createIntakeApp, secureContext } from './intake-app.ts'
import type { IntakeLimits, IntakeParts } from './intake-options.ts'
import { RejectsRoom } from './rejects-room.ts'

/** Where the intake listens and where it keeps what it needs. */
export interface IntakeOptions {
  /** Data folder: `pki` and `rejects` are in it. */
  readonly folder: string
  readonly host: string
  /** 0 takes any free port. */
  readonly port: number
  /** Further names that senders reach it by, for its certificate. */
  readonly names?: readonly string[]
  /** Room that has to be left on the store's disk. */
  readonly disk?: DiskLimits
  readonly limits?: IntakeLimits
  /** Is told of everything new once it is stored. */
  readonly onStored?: (parcel: Parcel) => void
  readonly onUnexpected?: (error: Error) => void
  /** Is told when the listener's certificate was made anew: others need one too. */
  readonly onIdentity?: () => Promise<void>
}

/** A listening intake. */
export interface Intake {
  readonly port: number
  readonly parts: IntakeParts
  /** Changes how much may come at once; connections that are there stay. */
  setLimits(limits: IntakeLimits): void
  /** Takes no more, stores what has arrived, and ends. */
  close(): Promise<void>
}

/** How often certificate and authority are looked at (the command line may change them), and how long before its end it is made anew, milliseconds. */
const ROTATION_CHECK_MS = 2_000
const ROTATE_BEFORE_MS = 30 * 86_400_000

/** Where an authority and its tokens are, in a data folder. */
export function pkiFolder(dataFolder: string): { authority: string; tokens: string } {
  const authority = join(dataFolder, 'pki')
  return { authority, tokens: join(authority, 'tokens') }
}

/**
 * Starts the listener for agents and kube-apiservers.
 *
 * @throws PkiError PW-PK-001 where the authority cannot be used, ServerError PW-SV-001 where the port is taken.
 */
export async function startIntake(store: Store, options: IntakeOptions): Promise<Intake> {
  const folders = pkiFolder(options.folder)
  const authority = await Authority.open(folders.authority)
  const names = [...new Set([...ownNames(), ...(options.names ?? [])])]
  const guard = new DiskGuard(store, options.disk)
  const parts: IntakeParts = {
    store,
    names,
    writer: new GroupWriter(store, options.onStored, { admit: () => guard.check() }),
    rejects: new RejectsRoom(join(options.folder, 'rejects')),
    authority,
    tokens: new TokenStore(folders.tokens),
    onUnexpected: options.onUnexpected ?? (() => {}),
    ...(options.limits === undefined ? {} : { limits: options.limits }),
  }
  let identity = await authority.serverIdentity(names)
  const { app, setLimits } = createIntakeApp(parts, identity)
  const port = await listen(app, options)
  const rotation = setInterval(async () => {
    const changed = await authority.reload().catch((error: Error) => {
      parts.onUnexpected(error)
      return false
    })
    if (!changed && identity.notAfterMs - Date.now() > ROTATE_BEFORE_MS) return
    identity = await authority.serverIdentity(names)
    if ('setSecureContext' in app.server && typeof app.server.setSecureContext === 'function')
      app.server.setSecureContext(secureContext(identity, authority.certificate))
    await options.onIdentity?.().catch((error: Error) => parts.onUnexpected(error))
  }, ROTATION_CHECK_MS)
  rotation.unref()
  return {
    port,
    parts,
    setLimits,
    close: async () => {
      clearInterval(rotation)
      await app.close()
      await parts.writer.idle()
      await parts.rejects.close()
    },
  }
}

/** Names and addresses this machine is reached by. */
function ownNames(): string[] {
  const addresses = Object.values(networkInterfaces()).flatMap((list) => (list ?? []).map(({ address }) => address))
  return ['localhost', '127.0.0.1', '::1', hostname(), ...addresses.filter((address) => !address.includes('%'))]
}

async function listen(app: FastifyInstance, { host, port }: IntakeOptions): Promise<number> {
  try {
    await app.listen({ host, port })
  } catch (cause) {
    await app.close()
    if (!(cause instanceof Error && 'code' in cause && cause.code === 'EADDRINUSE')) throw cause
    throw new ServerError(
      'PW-SV-001',
      0,
      {
        what: `Port ${port} on ${host} is taken.`,
        why: 'Another process listens there.',
        do: 'Choose another with --intake, or 0 for any.',
      },
      { cause },
    )
  }
  const address = app.server.address()
  return typeof address === 'object' && address !== null ? address.port : port
}
