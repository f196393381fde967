import { Readable } from 'node:stream'
import { text } from 'node:stream/consumers'
import {
  type ClickHouseClient,
  ClickHouseError,
  ClickHouseLogLevel,
  type ClickHouseSettings,
  createClient,
} from '@clickhouse/client'
import type { Address } from './engine/address.ts'
import type { EngineUser } from './engine/engine-users.ts'
import { type FailedCall, storeFailure } from './store-failure.ts'

/** Longest silence of the server before a request is given up; queries have their own, shorter, limits. */
const REQUEST_TIMEOUT_MS = 300_000

/** What every request may carry. */
export interface RequestOptions {
  readonly params?: Readonly<Record<string, unknown>>
  readonly settings?: ClickHouseSettings
  readonly signal?: AbortSignal
}

/** HTTP to one ClickHouse, each request as the account whose rights it needs. */
export class Connection {
  #address: Address
  #clients: readonly ClickHouseClient[]
  /** Which of the hosts is asked. */
  #at = 0

  constructor(address: Address) {
    this.#address = address
    this.#clients = clientsOf(address)
  }

  /** The host that is asked now. */
  get url(): string {
    return [this.#address.url, ...(this.#address.others ?? [])][this.#at] ?? this.#address.url
  }

  /** The database that stands in for `audit` in every statement. */
  get database(): string {
    return this.#address.database ?? 'audit'
  }

  /** Goes on at another address: the engine was started again on other ports. */
  async move(address: Address): Promise<void> {
    const old = this.#clients
    this.#address = address
    this.#at = 0
    this.#clients = clientsOf(address)
    await closeAll(old)
  }

  /** Sends a query and gives the response as it comes, in the wanted format. */
  async query(
    user: EngineUser,
    sql: string,
    format: 'JSONCompact' | 'JSONCompactEachRowWithNamesAndTypes',
    options: RequestOptions,
  ) {
    return this.#onAHost((client) =>
      client.query({
        query: this.#inDatabase(sql),
        format,
        auth: this.#address.logins[user],
        ...(options.params === undefined ? {} : { query_params: { ...options.params } }),
        ...(options.settings === undefined ? {} : { clickhouse_settings: options.settings }),
        ...(options.signal === undefined ? {} : { abort_signal: options.signal }),
      }),
    )
  }

  /** Runs a statement that answers with nothing. */
  async command(user: EngineUser, sql: string, settings?: ClickHouseSettings): Promise<void> {
    const auth = this.#address.logins[user]
    const query = this.#inDatabase(sql)
    await this.#onAHost((client) =>
      client.command({ query, auth, ...(settings === undefined ? {} : { clickhouse_settings: settings }) }),
    )
  }

  /** Rows of a small query of our own, as objects. */
  async rows<T>(user: EngineUser, sql: string, params: Readonly<Record<string, unknown>>, call: FailedCall): Promise<T[]> {
    try {
      const auth = this.#address.logins[user]
      return await this.#onAHost(async (client) => {
        const result = await client.query({
          query: this.#inDatabase(sql),
          format: 'JSONEachRow',
          auth,
          query_params: { ...params },
        })
        return result.json<T>()
      })
    } catch (error) {
      throw storeFailure(error, call)
    }
  }

  /** What a statement answers that takes no FORMAT: tab-separated text. */
  async text(user: EngineUser, sql: string): Promise<string> {
    const auth = this.#address.logins[user]
    return this.#onAHost(async (client) => {
      const { stream } = await client.exec({ query: this.#inDatabase(sql), auth })
      return (await text(stream)).trim()
    })
  }

  /** The bytes of an answer in a format of files. */
  async *bytes(user: EngineUser, sql: string, params: Readonly<Record<string, unknown>>): AsyncGenerator<Uint8Array> {
    const auth = this.#address.logins[user]
    const query = this.#inDatabase(sql)
    const { stream } = await this.#onAHost((client) => client.exec({ query, auth, query_params: { ...params } }))
    for await (const chunk of stream) yield chunk as Uint8Array
  }

  /** Only with a deduplication token may an insert go on at another host: whether the first one took it is not known. */
  async insert(user: EngineUser, table: string, rows: readonly object[], settings: ClickHouseSettings): Promise<void> {
    const auth = this.#address.logins[user]
    const request = {
      table: this.#inDatabase(table),
      values: [...rows],
      format: 'JSONEachRow' as const,
      auth,
      clickhouse_settings: settings,
    }
    await this.#onAHost((client) => client.insert(request))
  }

  /** Inserts rows that are in a format of the engine's already. */
  async insertBytes(
    user: EngineUser,
    into: { readonly table: string; readonly format: string },
    bytes: Buffer,
    settings: ClickHouseSettings,
  ): Promise<void> {
    const auth = this.#address.logins[user]
    const query = `INSERT INTO ${this.#inDatabase(into.table)} FORMAT ${into.format}`
    await this.#onAHost(async (client) => {
      const values = Readable.from([bytes], { objectMode: false })
      const { stream } = await client.exec({ query, values, auth, clickhouse_settings: settings })
      await text(stream)
    })
  }

  async close(): Promise<void> {
    await closeAll(this.#clients)
  }

  /** Asks the host that answered last, and where it cannot be reached the next ones, each once. */
  async #onAHost<T>(ask: (client: ClickHouseClient) => Promise<T>): Promise<T> {
    for (let tried = 1; ; tried++) {
      const clients = this.#clients
      const at = this.#at
      const client = clients[at]
      if (client === undefined) throw new Error('a connection has at least one host')
      try {
        return await ask(client)
      } catch (error) {
        if (tried >= clients.length || !mayPassElsewhere(error)) throw error
        if (this.#at === at && clients === this.#clients) this.#at = (at + 1) % clients.length
      }
    }
  }

  #inDatabase(sql: string): string {
    const { database } = this.#address
    return database === undefined ? sql : sql.replaceAll(OUR_DATABASE, database)
  }
}

/** The name of the database where a statement of ours has it. */
const OUR_DATABASE = /\baudit(?=\.| ENGINE)|(?<=')audit(?=')/g

/** A host that cannot be reached, or a replica that lost its keeper (242, TABLE_IS_READ_ONLY). */
function mayPassElsewhere(error: unknown): boolean {
  if (error instanceof ClickHouseError) return error.code === '242' || error.code === '209' || error.code === '210'
  return !(error instanceof Error && /abort/i.test(`${error.name} ${error.message}`))
}

function clientsOf({ url, others = [], settings }: Address): readonly ClickHouseClient[] {
  return [url, ...others].map((host) => connect(host, settings))
}

async function closeAll(clients: readonly ClickHouseClient[]): Promise<void> {
  await Promise.all(clients.map((client) => client.close()))
}

function connect(url: string, settings?: ClickHouseSettings): ClickHouseClient {
  return createClient({
    url,
    application: 'podwitness',
    ...(settings === undefined ? {} : { clickhouse_settings: settings }),
    request_timeout: REQUEST_TIMEOUT_MS,
    // On the machine itself bytes cost nothing to send, and packing them would be half of the work of an insert.
    compression: { request: !isLoopback(url), response: false },
    log: { level: ClickHouseLogLevel.OFF },
    max_open_connections: 20,
  })
}

function isLoopback(url: string): boolean {
  const { hostname } = new URL(url)
  return hostname === 'localhost' || hostname === '[::1]' || hostname.startsWith('127.')
}
