import { once } from 'node:events'
import {
  AccessObjects,
  applyRetention,
  DISK_LIMITS,
  type DiskLimits,
  deriveStored,
  installShippedRules,
  type LiveIntake,
  metricsText,
  noteLimits,
  RefusalCounts,
  readState,
  recordAct,
  type ServeOptions,
  type ServerConfig,
  StoreKeeper,
  serve,
  startLiveIntake,
  takeActs,
  Users,
} from '@podwitness/server'
import { openStore, type Store } from '@podwitness/store'
import { actOf } from './act-of.ts'
import { anchorTo } from './anchor-file.ts'
import { ConfigReload, type ConfigSource, type ReloadParts } from './config-reload.ts'
import { type Context, dataFolder } from './context.ts'
import { serverToken } from './server-token.ts'
import { WatchedFiles } from './watch-files.ts'

/** What `serve` and `demo` differ in. */
export interface ServerRun extends Omit<ServeOptions, 'token' | 'onUnexpected'> {
  readonly folder?: string
  /** File that every head of the ledger is appended to. */
  readonly anchor?: string
  /** Runs between the store's opening and the listening. */
  readonly prepare?: (store: Store) => Promise<void>
  /** Who the printed address signs in: `owner` the holder of the data folder, each time; `first` the first administrator, once. */
  readonly signIn: 'owner' | 'first'
  /** Words below the address. */
  readonly notes?: readonly string[]
  /** How long data is kept, and the room that has to be left, where the configuration says so. */
  readonly keeping?: Pick<ServerConfig, 'retention' | 'disk'>
  /** The configuration it was made of, and where it is read again. */
  readonly config?: ServerConfig
  readonly source?: ConfigSource
  /** Where agents and API servers send; nothing is taken in where absent. */
  readonly intake?: {
    readonly host: string
    readonly port: number
    readonly names: readonly string[]
    readonly config: ServerConfig
  }
}

/** Runs the engine and the server until it is asked to stop, and ends both in order. */
export async function runServer(context: Context, run: ServerRun): Promise<void> {
  const { terminal, options, hint } = context
  const folder = run.folder ?? dataFolder(context)
  const common = { signal: terminal.signal, onNotice: hint }
  const store =
    options.store === undefined
      ? await openStore({ ...common, dataDir: folder, role: 'server' })
      : await openStore({ ...common, url: options.store, dataDir: folder })
  try {
    store.onLost((reason) => terminal.say(`The engine was lost (${reason}); it is being started again.`))
    store.onRestored(() => terminal.say('The engine is back.'))
    if (run.anchor !== undefined) anchorTo(store, run.anchor, terminal.say)
    await finishPairing(store)
    await installShippedRules(store, Date.now())
    await run.prepare?.(store)
    const disk = { ...DISK_LIMITS, ...run.keeping?.disk }
    await noteLimits(store, disk, Date.now())
    for (const stream of await applyRetention(store, run.keeping?.retention ?? {}))
      hint(`retention of ${stream} changed as the configuration says`)
    const keeper = new StoreKeeper(store, {
      limits: disk,
      onFailure: (error) => terminal.say(`PW-AP-005 unexpected: ${error.stack ?? error.message}`),
    })
    keeper.start()
    const intake = await takeIn(context, store, run, folder, disk)
    const acts = takeActsEvery(context, store, folder)
    try {
      const live =
        intake === undefined || run.intake === undefined ? {} : { live: settingsOf(intake, `${run.intake.host}:${intake.port}`) }
      const refused = new RefusalCounts()
      const metrics = () => metricsText({ intake, refused }, Date.now())
      await listen(context, store, { ...run, disk, refused, metrics, settings: { folder, ...live } }, { folder, intake })
    } finally {
      await acts.stop()
      await keeper.stop()
      await intake?.close()
    }
  } finally {
    terminal.redraw('')
    await store.close()
  }
}

/** Makes the first user of a store that has none, and the link that lets them in. */
async function firstAdministrator(store: Store): Promise<string | undefined> {
  const link = await new Users(new AccessObjects(store)).first()
  if (link !== undefined) await recordAct(store, actOf({ action: 'user-add', object: 'admin', after: { role: 'admin' } }))
  return link
}

/** What a process that ended early had stored but not paired. */
async function finishPairing(store: Store): Promise<void> {
  for (const cluster of (await readState(store)).clusters) await deriveStored(store, cluster)
}

/** What commands beside the server did is recorded within this time, milliseconds. */
const ACTS_EVERY_MS = 5_000

function takeActsEvery(context: Context, store: Store, folder: string): { stop(): Promise<void> } {
  const take = () =>
    takeActs(store, folder).catch((error: unknown) => context.terminal.say(`Acts are not recorded yet: ${String(error)}`))
  let last: Promise<unknown> = take()
  const timer = setInterval(() => {
    last = last.then(take)
  }, ACTS_EVERY_MS).unref()
  return {
    stop: async () => {
      clearInterval(timer)
      await last
      await take()
    },
  }
}

async function takeIn(
  context: Context,
  store: Store,
  { intake }: ServerRun,
  folder: string,
  disk: DiskLimits,
): Promise<LiveIntake | undefined> {
  if (intake === undefined) return undefined
  const { terminal, hint } = context
  const live = await startLiveIntake(store, {
    folder,
    disk,
    ...intake,
    onUnexpected: (error) => terminal.say(`PW-AP-005 unexpected: ${error.stack ?? error.message}`),
  })
  hint(`intake ${intake.host}:${live.port} (TLS)`)
  for (const way of live.otherWays) hint(`intake ${way}`)
  return live
}

/** What the Settings page shows of an intake, as it is when it is asked. */
function settingsOf(intake: LiveIntake, address: string) {
  return {
    parts: intake.parts,
    address,
    get otherWays() {
      return intake.otherWays
    },
  }
}

async function listen(
  context: Context,
  store: Store,
  run: ServerRun,
  { folder, intake }: { readonly folder: string; readonly intake: LiveIntake | undefined },
): Promise<void> {
  const { terminal, paintTalk } = context
  terminal.signal.throwIfAborted()
  const { token, path } = serverToken(folder)
  const served = await serve(store, {
    ...run,
    token,
    recordReads: true,
    alerts: { env: terminal.env, ...run.alerts },
    onUnexpected: (error) => terminal.say(`PW-AP-005 unexpected: ${error.stack ?? error.message}`),
  })
  let stopWatching = (): void => {}
  try {
    terminal.redraw('')
    const first = run.signIn === 'owner' ? undefined : await firstAdministrator(store)
    const link = run.signIn === 'owner' ? token : first
    await terminal.write(`ready  ${paintTalk('bold', `${served.url}/${link === undefined ? '' : `?token=${link}`}`)}\n`)
    if (run.signIn === 'owner') context.hint(`       opening it signs you in; the token is also in ${path}`)
    else if (first !== undefined)
      context.hint('       opening it signs in the first administrator, once and within a day; it is shown only now')
    for (const note of run.notes ?? []) context.hint(note)
    context.hint('       Ctrl-C stops')
    stopWatching = watch(context, run, { store, served, intake, say: terminal.say })
    if (!terminal.signal.aborted) await once(terminal.signal, 'abort')
    context.hint('stopping')
  } finally {
    stopWatching()
    await served.close()
  }
}

/** Reads the configuration again when it changes or SIGHUP asks for it. @returns Ends it. */
function watch({ terminal }: Context, { config, source }: ServerRun, parts: ReloadParts): () => void {
  if (source === undefined || config === undefined) return () => {}
  const reload = new ConfigReload(source, config, parts)
  const run = (): void => void reload.reload()
  const stops = [new WatchedFiles(source.files).every(run), terminal.onHangup?.(run) ?? (() => {})]
  return () => {
    for (const stop of stops) stop()
  }
}
