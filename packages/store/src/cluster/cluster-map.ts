import { Connection } from '../connection.ts'
import { StoreError } from '../store-error.ts'
import { addressOf, type StoreAddress } from './store-address.ts'

const FAILED = { what: 'The servers of the cluster cannot be listed.', otherwise: 'PW-ST-018' } as const
/** A join whose right side is on all shards too: its rows are fetched once and sent to each. */
export const CLUSTER_SETTINGS = {
  distributed_product_mode: 'global',
  skip_unavailable_shards: 0,
  // Rows are written to the first server of a shard that answers, and read from it: another may be behind.
  load_balancing: 'in_order',
  prefer_localhost_replica: 0,
} as const

/** The servers of a cluster. */
export interface ClusterMap {
  /** HTTP addresses by shard; those of one shard hold the same rows. */
  readonly shards: readonly (readonly string[])[]
  /** Addresses that did not answer. */
  readonly silent: readonly string[]
}

interface ServerRow {
  readonly shard: number
  readonly replica: number
  readonly host: string
  readonly local: number
}

const SERVERS = `SELECT toUInt32(shard_num) AS shard, toUInt32(replica_num) AS replica, host_name AS host, toUInt8(is_local) AS local
FROM system.clusters WHERE cluster = {cluster:String} ORDER BY shard_num, replica_num`

/**
 * Finds out which server holds which shard. Of one address, the others are taken from the server's own list, on the
 * same port; of several, each is asked which one it is.
 *
 * @throws StoreError PW-ST-021 where the servers know no such cluster or an address is missing, PW-ST-010 where no server
 * of a shard answers.
 */
export async function mapCluster(address: StoreAddress): Promise<ClusterMap> {
  const [only] = address.hosts
  if (address.hosts.length === 1 && only !== undefined) return fromOneHost(only, address)
  const asked = await Promise.all(address.hosts.map(async (host) => ({ host, servers: await serversOf(host, address) })))
  const answered = asked.filter((one) => one.servers !== undefined)
  const known = answered[0]?.servers
  if (known === undefined) throw unreachable(address.hosts)
  const placed = answered.map(({ host, servers = [] }) => {
    const own = servers.find(({ local }) => local === 1)
    if (own === undefined) throw notOne(host, address.cluster)
    return { ...own, host }
  })
  placed.sort((a, b) => a.replica - b.replica)
  const shards = new Map<number, string[]>()
  for (const { shard } of known) shards.set(shard, [])
  for (const { shard, host } of placed) shards.get(shard)?.push(host)
  const silent = asked.filter(({ servers }) => servers === undefined).map(({ host }) => host)
  const empty = [...shards].filter(([, hosts]) => hosts.length === 0).map(([shard]) => shard)
  if (empty.length > 0) throw silent.length > 0 ? unreachable(silent) : incomplete(empty, address.cluster)
  return { shards: [...shards.values()], silent }
}

async function fromOneHost(host: string, address: StoreAddress): Promise<ClusterMap> {
  const servers = await serversOf(host, address)
  if (servers === undefined) throw unreachable([host])
  const shards = new Map<number, string[]>()
  for (const { shard, host: name, local } of servers) {
    const url = new URL(host)
    if (local === 0) url.hostname = name
    shards.set(shard, [...(shards.get(shard) ?? []), url.href.replace(/\/$/, '')])
  }
  const all = [...shards.values()].flat()
  if (new Set(all).size < all.length) throw sameAddress(address.cluster)
  return { shards: [...shards.values()], silent: [] }
}

/** What a server knows of the cluster; undefined where it cannot be reached. */
async function serversOf(host: string, { cluster, login }: StoreAddress): Promise<readonly ServerRow[] | undefined> {
  const connection = new Connection(addressOf([host], login))
  try {
    const rows = await connection.rows<ServerRow>('admin', SERVERS, { cluster }, FAILED)
    if (rows.length > 0) return rows
    const names = await connection.rows<{ name: string }>(
      'admin',
      'SELECT DISTINCT cluster AS name FROM system.clusters ORDER BY name',
      {},
      FAILED,
    )
    throw unknownCluster(host, cluster, names.map(({ name }) => name).slice(0, 20))
  } catch (error) {
    if (error instanceof StoreError && error.code === 'PW-ST-010') return undefined
    throw error
  } finally {
    await connection.close()
  }
}

function unreachable(hosts: readonly string[]): StoreError {
  return new StoreError('PW-ST-010', {
    what: 'A part of the cluster cannot be reached.',
    why: `No answer from ${hosts.join(', ')}, and no other server holds the same rows.`,
    todo: 'Start the servers, or correct the address.',
  })
}

function unknownCluster(host: string, cluster: string, known: readonly string[]): StoreError {
  return new StoreError('PW-ST-021', {
    what: `There is no cluster "${cluster}".`,
    why: known.length === 0 ? `${host} knows none.` : `${host} knows: ${known.join(', ')}.`,
    todo: 'Give its name as it stands below remote_servers in the configuration of the servers.',
  })
}

function notOne(host: string, cluster: string): StoreError {
  return new StoreError('PW-ST-021', {
    what: `${host} is not a server of the cluster "${cluster}".`,
    why: 'It does not find itself in its list (system.clusters, is_local).',
    todo: 'Correct the address, or remote_servers in its configuration.',
  })
}

function incomplete(shards: readonly number[], cluster: string): StoreError {
  return new StoreError('PW-ST-021', {
    what: `The address names no server of shard ${shards.join(', ')} of the cluster "${cluster}".`,
    why: 'Of several hosts in an address, each shard needs one.',
    todo: 'Name all servers, or one alone: the others are then found by themselves.',
  })
}

function sameAddress(cluster: string): StoreError {
  return new StoreError('PW-ST-021', {
    what: `The servers of the cluster "${cluster}" cannot be told apart.`,
    why: 'They are on one host, so their HTTP ports differ, and those are not in system.clusters.',
    todo: 'Name every server: http://user:password@host:8123,host:8124/?cluster=NAME',
  })
}
