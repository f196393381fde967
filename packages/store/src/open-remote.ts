import { ClickHouseStore } from './clickhouse-store.ts'
import { type Address, Connection } from './connection.ts'
import { ENGINE_USERS } from './engine/engine-users.ts'
import { migrate } from './migrate.ts'
import type { RemoteOptions, Store } from './store.ts'
import { StoreError } from './store-error.ts'
import { watchAddress } from './watch-address.ts'

/** Opens a database on an ordinary ClickHouse server, with one account for all. */
export async function openRemote(options: RemoteOptions): Promise<Store> {
  const address = remoteAddress(options)
  const connection = new Connection(address)
  try {
    await migrate(connection)
  } catch (error) {
    await connection.close()
    throw error
  }
  let endWatch = () => {}
  return new ClickHouseStore({
    kind: 'remote',
    connection,
    ...(options.ledgerFolder === undefined ? {} : { ledgerFolder: options.ledgerFolder }),
    restarts: () => 0,
    watch: (lost, restored) => {
      endWatch = watchAddress({ url: () => address.url, lost, restored })
    },
    stop: () => {
      endWatch()
      return connection.close()
    },
  })
}

/** Splits the account from the address, so that no message can print it. */
export function remoteAddress(options: RemoteOptions): Address {
  const url = URL.canParse(options.url) ? new URL(options.url) : undefined
  if (url === undefined || !/^https?:$/.test(url.protocol))
    throw new StoreError('PW-ST-010', {
      what: 'The address of the store is not an HTTP address.',
      todo: 'Write it as http://user:password@host:8123',
    })
  const username = options.user ?? (url.username === '' ? 'default' : decodeURIComponent(url.username))
  const login = { username, password: options.password ?? decodeURIComponent(url.password) }
  url.username = ''
  url.password = ''
  const logins = ENGINE_USERS.map((user) => [user, login])
  return { url: url.href.replace(/\/$/, ''), logins: Object.fromEntries(logins) as Address['logins'] }
}
