import { type ClickHouseClient, ClickHouseLogLevel, type ClickHouseSettings, createClient } from '@clickhouse/client'
import type { EngineUser } from './engine/engine-users.ts'
import { type FailedCall, storeFailure } from './store-failure.ts'

/** Longest silence of the server before a request is given up; queries have their own, shorter, limits. */
const REQUEST_TIMEOUT_MS = 300_000

export interface Login {
  readonly username: string
  readonly password: string
}

/** Where a ClickHouse listens and who may enter as what. */
export interface Address {
  readonly url: string
  readonly logins: Readonly<Record<EngineUser, Login>>
}

/** What every request may carry. */
export interface RequestOptions {
  readonly params?: Readonly<Record<string, unknown>>
  readonly settings?: ClickHouseSettings
  readonly signal?: AbortSignal
}

/** HTTP to one ClickHouse, each request as the account whose rights it needs. */
export class Connection {
  #address: Address
  #client: ClickHouseClient

  constructor(address: Address) {
    this.#address = address
    this.#client = connect(address.url)
  }

  get url(): string {
    return this.#address.url
  }

  /** Goes on at another address: the engine was started again on other ports. */
  async move(address: Address): Promise<void> {
    const old = this.#client
    this.#address = address
    this.#client = connect(address.url)
    await old.close()
  }

  /** Sends a query and gives the response as it comes, in the wanted format. */
  async query(
    user: EngineUser,
    sql: string,
    format: 'JSONCompact' | 'JSONCompactEachRowWithNamesAndTypes',
    options: RequestOptions,
  ) {
    return this.#client.query({
      query: sql,
      format,
      auth: this.#address.logins[user],
      ...(options.params === undefined ? {} : { query_params: { ...options.params } }),
      ...(options.settings === undefined ? {} : { clickhouse_settings: options.settings }),
      ...(options.signal === undefined ? {} : { abort_signal: options.signal }),
    })
  }

  /** Runs a statement that answers with nothing. */
  async command(user: EngineUser, sql: string, settings?: ClickHouseSettings): Promise<void> {
    const auth = this.#address.logins[user]
    await this.#client.command({ query: sql, auth, ...(settings === undefined ? {} : { clickhouse_settings: settings }) })
  }

  /** Rows of a small query of our own, as objects. */
  async rows<T>(user: EngineUser, sql: string, params: Readonly<Record<string, unknown>>, call: FailedCall): Promise<T[]> {
    try {
      const auth = this.#address.logins[user]
      const result = await this.#client.query({ query: sql, format: 'JSONEachRow', auth, query_params: { ...params } })
      return await result.json<T>()
    } catch (error) {
      throw storeFailure(error, call)
    }
  }

  async insert(user: EngineUser, table: string, rows: readonly object[], settings: ClickHouseSettings): Promise<void> {
    const auth = this.#address.logins[user]
    await this.#client.insert({ table, values: [...rows], format: 'JSONEachRow', auth, clickhouse_settings: settings })
  }

  async close(): Promise<void> {
    await this.#client.close()
  }
}

function connect(url: string): ClickHouseClient {
  return createClient({
    url,
    application: 'podwitness',
    request_timeout: REQUEST_TIMEOUT_MS,
    compression: { request: true, response: false },
    log: { level: ClickHouseLogLevel.OFF },
    max_open_connections: 20,
  })
}
