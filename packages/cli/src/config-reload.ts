import { applyRetention, type LiveIntake, recordAct, type Served, type ServerConfig } from '@podwitness/server'
import type { Store } from '@podwitness/store'
import { actOf } from './act-of.ts'

/** A configuration as it was read, with the certificate it names. */
export interface ReadConfig {
  readonly config: ServerConfig
  readonly tls?: { readonly cert: string; readonly key: string }
}

/** Reads the configuration of a running server again. */
export interface ConfigSource {
  /** @throws What is wrong with it, every fault of it. */
  read(): ReadConfig
  /** Files that it is made of. */
  files(): readonly string[]
}

/** What a reload works on. */
export interface ReloadParts {
  readonly store: Store
  readonly served: Pick<Served, 'setTls'>
  readonly intake: Pick<LiveIntake, 'reload'> | undefined
  readonly say: (text: string) => void
}

/** What a running server cannot take over. */
const AT_START: readonly (readonly [name: string, part: (config: ServerConfig) => unknown])[] = [
  ['access', ({ access }) => access],
  ['page', ({ page = {} }) => ({ ...page, tlsCertFile: undefined, tlsKeyFile: undefined })],
  ['log', ({ log }) => log],
  ['disk', ({ disk }) => disk],
  ['intake.listen', ({ intake }) => intake?.listen],
  ['intake.names', ({ intake }) => intake?.names],
]

/**
 * Takes over a configuration while connections stay: certificates of the page, retention, limits, log files and other
 * listeners. What is wrong in it changes nothing. Each is an administrative act.
 */
export class ConfigReload {
  readonly #source: ConfigSource
  readonly #parts: ReloadParts
  #current: ServerConfig
  #turn: Promise<void> = Promise.resolve()

  constructor(source: ConfigSource, current: ServerConfig, parts: ReloadParts) {
    this.#source = source
    this.#current = current
    this.#parts = parts
  }

  /** One at a time; never fails. */
  reload(): Promise<void> {
    this.#turn = this.#turn.then(() => this.#reload()).catch((error: unknown) => this.#parts.say(`PW-SV-004 ${reasonOf(error)}`))
    return this.#turn
  }

  async #reload(): Promise<void> {
    const before = this.#current
    let after: ServerConfig | undefined
    try {
      const next = this.#source.read()
      after = next.config
      await this.#take(next)
      this.#current = after
      await this.#record('done', before, after, '')
    } catch (error) {
      this.#parts.say(`PW-SV-004 The configuration was not taken over. ${reasonOf(error)}`)
      await this.#record('failed', before, after, reasonOf(error))
    }
  }

  async #take({ config, tls }: ReadConfig): Promise<void> {
    const { store, served, intake, say } = this.#parts
    if (tls !== undefined) served.setTls(tls)
    for (const stream of await applyRetention(store, config.retention ?? {}))
      say(`retention of ${stream} changed as the configuration says`)
    await intake?.reload(config)
    const later = AT_START.filter(([, part]) => JSON.stringify(part(config)) !== JSON.stringify(part(this.#current)))
    const names = later.map(([name]) => name)
    if (intake === undefined && (config.syslog ?? config.fluentForward ?? config.apiserverLogs) !== undefined)
      names.push('intake')
    say(
      `the configuration was read again${names.length === 0 ? '' : `; these take effect at the next start: ${names.join(', ')}`}`,
    )
  }

  async #record(outcome: 'done' | 'failed', before: ServerConfig, after: ServerConfig | undefined, note: string): Promise<void> {
    const act = actOf({ action: 'config-reload', object: 'serve', before, after })
    await recordAct(this.#parts.store, { ...act, outcome, means: 'configuration', note: note.slice(0, 2000) })
  }
}

function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  const why = 'why' in error && typeof error.why === 'string' ? ` ${error.why}` : ''
  return `${error.message}${why}`
}
