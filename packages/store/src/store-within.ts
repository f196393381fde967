import type { ReadingScope } from './reading-scope.ts'
import type { Store } from './store.ts'

/** A store as somebody sees it who may see only some of it; it writes and is looked after like the whole one. */
export function storeWithin(store: Store, scope: ReadingScope): Store {
  return {
    kind: store.kind,
    reader: store.reader.within(scope),
    writer: store.writer,
    ledger: store.ledger,
    health: () => store.health(),
    retention: () => store.retention(),
    setRetention: (days, tables) => store.setRetention(days, tables),
    setEventRetention: (wanted) => store.setEventRetention(wanted),
    onLost: (listener) => store.onLost(listener),
    onRestored: (listener) => store.onRestored(listener),
    // Not narrowed: exports are of the whole store.
    parquet: (sql, params) => store.parquet(sql, params),
    backUp: (options) => store.backUp(options),
    parquetRows: (table, path) => store.parquetRows(table, path),
    readsParquet: store.readsParquet,
    holds: () => store.holds(),
    placeHold: (hold) => store.placeHold(hold),
    releaseHold: (id) => store.releaseHold(id),
    applyHolds: () => store.applyHolds(),
    shared: store.shared,
    inTurn: (name, work) => store.inTurn(name, work),
    close: () => store.close(),
  }
}
