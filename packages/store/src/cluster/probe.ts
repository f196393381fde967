import type { Connection } from '../connection.ts'
import { StoreError } from '../store-error.ts'
import { storeFailure } from '../store-failure.ts'

const FAILED = { what: 'The server cannot be examined.', otherwise: 'PW-ST-018' } as const

/**
 * The oldest version whose views may write with their owner's rights (`DEFINER … SQL SECURITY`).
 * Source: ClickHouse changelog, 24.2 and 24.3 LTS.
 */
const OLDEST_VERSION = [24, 3] as const

/** Without these an acknowledged row may be gone after a power cut, or a repeated insert be stored twice. */
const NEEDED_TABLE_SETTINGS = [
  'fsync_after_insert',
  'fsync_part_directory',
  'min_rows_to_fsync_after_merge',
  'non_replicated_deduplication_window',
]
const NEEDED_SETTINGS = [
  'insert_deduplicate',
  'insert_deduplication_token',
  'deduplicate_blocks_in_dependent_materialized_views',
  'distributed_product_mode',
]
/** Rights podwitness needs on its database. Source: ClickHouse, docs/en/sql-reference/statements/grant.md. */
const NEEDED_RIGHTS = ['SELECT', 'INSERT', 'CREATE TABLE', 'CREATE VIEW', 'ALTER'] as const

/** What a server can do that others cannot. */
export interface Capabilities {
  readonly version: string
  /** Whether it is connected to a keeper. */
  readonly keeper: boolean
  /** Its macros `shard` and `replica` are set. */
  readonly macros: boolean
}

/**
 * Looks whether a server can do what podwitness depends on.
 *
 * @param replicated Whether its tables are to be replicated.
 * @throws StoreError PW-ST-011 (a right is missing), PW-ST-020 (version), PW-ST-022 (no keeper), PW-ST-023 (a setting is
 * not known or cannot be set), PW-ST-021 (macros are missing).
 */
export async function probeServer(connection: Connection, replicated: boolean): Promise<Capabilities> {
  const version = await versionOf(connection)
  if (isOlder(version)) throw tooOld(connection.url, version)
  await checkRights(connection)
  await checkSettings(connection)
  const capabilities = { version, keeper: await hasKeeper(connection), macros: await hasMacros(connection) }
  if (replicated && !capabilities.keeper) throw noKeeper(connection.url)
  if (replicated && !capabilities.macros) throw noMacros(connection.url)
  return capabilities
}

async function versionOf(connection: Connection): Promise<string> {
  const [row] = await connection.rows<{ version: string }>('admin', 'SELECT version() AS version', {}, FAILED)
  return row?.version ?? ''
}

/** Whether a version such as `24.3.1.5` comes before the oldest that will do. */
export function isOlder(version: string): boolean {
  const [major = 0, minor = 0] = version.split('.').map(Number)
  const [oldest, oldestMinor] = OLDEST_VERSION
  return major < oldest || (major === oldest && minor < oldestMinor)
}

/** Each right by itself, so that all that are missing can be named. A server without `CHECK GRANT` shows it in what follows. */
async function checkRights(connection: Connection): Promise<void> {
  const missing: string[] = []
  for (const right of NEEDED_RIGHTS) {
    try {
      if ((await connection.text('admin', `CHECK GRANT ${right} ON audit.*`)) === '0') missing.push(right)
    } catch (error) {
      const failure = storeFailure(error, FAILED)
      if (failure.engineCode === SYNTAX_ERROR) return
      throw failure
    }
  }
  if (missing.length > 0)
    throw new StoreError('PW-ST-011', {
      what: `The account may not do what podwitness needs on ${connection.url}.`,
      why: `It lacks on the database audit: ${missing.join(', ')}.`,
      todo: 'Grant it: GRANT ALL ON audit.* TO user; GRANT SELECT ON system.* TO user; GRANT CLUSTER, REMOTE ON *.* TO user',
    })
}

/** Source: ClickHouse, src/Common/ErrorCodes.cpp. */
const SYNTAX_ERROR = 62

async function checkSettings(connection: Connection): Promise<void> {
  const known = await connection.rows<{ name: string; readonly: number }>(
    'admin',
    `SELECT name, readonly FROM system.merge_tree_settings WHERE name IN {table:Array(String)}
UNION ALL SELECT name, readonly FROM system.settings WHERE name IN {query:Array(String)}`,
    { table: NEEDED_TABLE_SETTINGS, query: NEEDED_SETTINGS },
    FAILED,
  )
  const faults = [...NEEDED_TABLE_SETTINGS, ...NEEDED_SETTINGS].flatMap((name) => {
    const found = known.find((row) => row.name === name)
    if (found === undefined) return [`${name} is not known`]
    return Number(found.readonly) === 0 ? [] : [`${name} may not be set`]
  })
  if (faults.length > 0)
    throw new StoreError('PW-ST-023', {
      what: `${connection.url} cannot store safely: a setting is missing.`,
      why: `${faults.join('; ')}.`,
      todo: 'Use a newer version, and give the account a profile that may change these settings.',
    })
}

/**
 * Questions that only a keeper can answer. The table exists only where one is configured, and not in the embedded
 * engine, which the function asks it instead.
 */
const KEEPER_QUESTIONS = [
  "SELECT name FROM system.zookeeper WHERE path = '/' LIMIT 1",
  "SELECT generateSerialID('podwitness-probe')",
]

async function hasKeeper(connection: Connection): Promise<boolean> {
  for (const question of KEEPER_QUESTIONS) {
    try {
      await connection.rows('admin', question, {}, FAILED)
      return true
    } catch (error) {
      const failure = storeFailure(error, FAILED)
      if (failure.engineCode === 0) throw failure // Not the server's own answer.
    }
  }
  return false
}

async function hasMacros(connection: Connection): Promise<boolean> {
  const sql = "SELECT count() AS n FROM system.macros WHERE macro IN ('shard', 'replica')"
  const [row] = await connection.rows<{ n: string | number }>('admin', sql, {}, FAILED)
  return Number(row?.n ?? 0) === 2
}

function tooOld(url: string, version: string): StoreError {
  return new StoreError('PW-ST-020', {
    what: `ClickHouse ${version} on ${url} is too old.`,
    why: 'Its views cannot write with the rights of their owner.',
    todo: `Use version ${OLDEST_VERSION.join('.')} or newer.`,
  })
}

function noKeeper(url: string): StoreError {
  return new StoreError('PW-ST-022', {
    what: `${url} is one of several servers for the same rows and has no keeper.`,
    why: 'system.zookeeper does not answer, so the servers cannot keep the same rows.',
    todo: 'Configure a ClickHouse Keeper or ZooKeeper on every server, or a cluster with one server a shard.',
  })
}

function noMacros(url: string): StoreError {
  return new StoreError('PW-ST-021', {
    what: `${url} does not know which shard and replica it is.`,
    why: 'The macros {shard} and {replica} are not set.',
    todo: 'Set both below <macros> in its configuration.',
  })
}
