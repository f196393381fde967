import type { ClickHouseSettings } from '@clickhouse/client'
import type { EngineUser } from './engine-users.ts'

export interface Login {
  readonly username: string
  readonly password: string
}

/** Where a ClickHouse listens and who may enter as what. */
export interface Address {
  readonly url: string
  /** Hosts that answer for the same data, asked in turn when one cannot be reached. */
  readonly others?: readonly string[]
  readonly logins: Readonly<Record<EngineUser, Login>>
  /** Settings of every request. */
  readonly settings?: ClickHouseSettings
  /** Another name for the database `audit`: a scratch database for trying a server. */
  readonly database?: string
}
