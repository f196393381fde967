import { join } from 'node:path'
import { ClickHouseStore } from './clickhouse-store.ts'
import { ClickHouseWriter } from './clickhouse-writer.ts'
import { type ClusterForm, LOCAL } from './cluster/cluster-form.ts'
import { CLUSTER_SETTINGS, type ClusterMap, mapCluster } from './cluster/cluster-map.ts'
import { probeServer } from './cluster/probe.ts'
import { addressOf, readStoreAddress, type StoreAddress } from './cluster/store-address.ts'
import { storeId } from './cluster/store-id.ts'
import { Connection } from './connection.ts'
import type { Address } from './engine/address.ts'
import { migrate } from './migrate.ts'
import type { RemoteOptions, Store } from './store.ts'
import type { StoreSide } from './store-side.ts'
import { watchAddress } from './watch-address.ts'

/** Opens a database on a ClickHouse server or cluster, with one account for all. */
export async function openRemote(options: RemoteOptions): Promise<Store> {
  const opened = await connectRemote(options)
  const { connection } = opened
  try {
    const ledger = await ledgerFolder(opened, options)
    let endWatch = () => {}
    return new ClickHouseStore({
      kind: 'remote',
      ...opened,
      ...(ledger === undefined ? {} : { ledgerFolder: ledger }),
      restarts: () => 0,
      watch: (lost, restored) => {
        endWatch = watchAddress({ url: () => connection.url, lost, restored })
      },
      stop: async () => {
        endWatch()
        await closeAll(opened)
      },
    })
  } catch (error) {
    await closeAll(opened)
    throw error
  }
}

/** Connections to a server or cluster whose tables are there. */
export type Opened = Pick<StoreSide, 'connection' | 'cluster'>

/** Examines and migrates every server. */
export async function connectRemote(options: RemoteOptions): Promise<Opened> {
  const given = readStoreAddress(options.url, {
    ...(options.user === undefined ? {} : { username: options.user }),
    ...(options.password === undefined ? {} : { password: options.password }),
  })
  return given.cluster === '' ? openServer(given, options) : openCluster(given, options)
}

async function openServer(given: StoreAddress, { database }: RemoteOptions): Promise<Opened> {
  const connection = new Connection({ ...addressOf(given.hosts, given.login), ...(database === undefined ? {} : { database }) })
  try {
    await probeServer(connection, false)
    await migrate(connection)
  } catch (error) {
    await connection.close()
    throw error
  }
  return { connection }
}

/** Every server is examined and migrated by itself: a statement `ON CLUSTER` needs a keeper that some have not. */
async function openCluster(given: StoreAddress, options: RemoteOptions): Promise<Opened> {
  const map = await mapCluster(given)
  const form: ClusterForm = { cluster: given.cluster, replicated: map.shards.some((hosts) => hosts.length > 1) }
  const connectTo = (hosts: readonly string[]): Connection =>
    new Connection({
      ...addressOf(hosts, given.login),
      settings: CLUSTER_SETTINGS,
      ...(options.database === undefined ? {} : { database: options.database }),
    } satisfies Address)
  const servers = map.shards.flat().map((host) => connectTo([host]))
  const opened = {
    connection: connectTo(map.shards.flat()),
    cluster: { shards: map.shards.map(connectTo), servers, ending: LOCAL },
  }
  try {
    await Promise.all(servers.map((server) => probeServer(server, form.replicated)))
    await Promise.all(servers.map((server) => migrate(server, undefined, form)))
  } catch (error) {
    await closeAll(opened)
    throw error
  }
  tellSilent(map, options)
  return opened
}

function tellSilent({ silent }: ClusterMap, { onNotice }: RemoteOptions): void {
  if (silent.length === 0) return
  const them = silent.length === 1 ? 'Its' : 'Their'
  onNotice?.(`No answer from ${silent.join(', ')}. ${them} tables are brought up to date at the next start.`)
}

/** By the store's own id, not its address: one store keeps one ledger here under whatever name it is reached. */
async function ledgerFolder({ connection, cluster }: Opened, options: RemoteOptions): Promise<string | undefined> {
  const { dataDir } = options
  if (dataDir === undefined) return undefined
  const { shards = [connection], ending = '' } = cluster ?? {}
  const writer = new ClickHouseWriter({ connection, shards, ending }, () => false)
  return join(dataDir, 'ledgers', await storeId(connection, writer))
}

export async function closeAll({ connection, cluster }: Opened): Promise<void> {
  const all = [connection, ...(cluster?.shards ?? []), ...(cluster?.servers ?? [])]
  await Promise.all(all.map((one) => one.close()))
}
