import { describe, expect, it } from 'vitest'
import { migrations } from '../migrations/index.ts'
import { onCluster } from './cluster-form.ts'

const REPLICATED = { cluster: 'main', replicated: true }
const statements = migrations.flatMap((step) => step.statements.flat())

describe('a statement of the schema on a cluster', () => {
  it.each([
    [
      'CREATE TABLE IF NOT EXISTS audit.pods (\n  a String\n) ENGINE = ReplacingMergeTree(version, is_deleted) ORDER BY a SETTINGS x=1, non_replicated_deduplication_window=10000',
      [
        "CREATE TABLE IF NOT EXISTS audit.pods_local (\n  a String\n) ENGINE = ReplicatedReplacingMergeTree('/clickhouse/tables/{shard}/{database}/pods', '{replica}', version, is_deleted) ORDER BY a SETTINGS x=1, replicated_deduplication_window=10000, replicated_deduplication_window_seconds=604800",
        "CREATE TABLE IF NOT EXISTS audit.pods AS audit.pods_local ENGINE = Distributed('main', 'audit', 'pods_local')",
      ],
    ],
    [
      'ALTER TABLE audit.events ADD INDEX IF NOT EXISTS i r TYPE minmax',
      ['ALTER TABLE audit.events_local ADD INDEX IF NOT EXISTS i r TYPE minmax'],
    ],
    [
      'ALTER TABLE audit.events ADD COLUMN IF NOT EXISTS c String',
      [
        'ALTER TABLE audit.events_local ADD COLUMN IF NOT EXISTS c String',
        'ALTER TABLE audit.events ADD COLUMN IF NOT EXISTS c String',
      ],
    ],
    [
      'CREATE MATERIALIZED VIEW IF NOT EXISTS audit.v TO audit.b AS SELECT 1 FROM audit.a',
      ['CREATE MATERIALIZED VIEW IF NOT EXISTS audit.v TO audit.b_local AS SELECT 1 FROM audit.a_local'],
    ],
    ['CREATE OR REPLACE VIEW audit.v AS SELECT 1 FROM audit.a', ['CREATE OR REPLACE VIEW audit.v AS SELECT 1 FROM audit.a']],
  ])('%s', (statement, expected) => {
    expect(onCluster(statement, REPLICATED)).toEqual(expected)
  })

  it('quotes the name of the cluster', () => {
    const [, reading] = onCluster('CREATE TABLE IF NOT EXISTS audit.t (\n) ENGINE = MergeTree ORDER BY a', {
      cluster: "a'b\\",
      replicated: false,
    })
    expect(reading).toContain("Distributed('a\\'b\\\\', 'audit'")
  })

  it('makes every table of the schema replicated, and none otherwise', () => {
    const tables = statements.filter((statement) => /^CREATE TABLE/.test(statement))
    expect(tables.length).toBeGreaterThan(15)
    for (const table of tables) {
      const [local = '', reading = ''] = onCluster(table, REPLICATED)
      expect(local).toMatch(/ENGINE = Replicated\w*MergeTree\('/)
      expect(local).not.toContain('non_replicated')
      expect(reading).toContain(' ENGINE = Distributed(')
      expect(onCluster(table, { ...REPLICATED, replicated: false })[0]).not.toContain('Replicated')
    }
  })

  it('knows every statement of the schema', () => {
    const known =
      /^(CREATE TABLE IF NOT EXISTS|CREATE OR REPLACE VIEW|CREATE MATERIALIZED VIEW IF NOT EXISTS|ALTER TABLE|DROP VIEW IF EXISTS|INSERT INTO) audit\.|^DROP VIEW/
    expect(statements.filter((statement) => !known.test(statement))).toEqual([])
  })
})
