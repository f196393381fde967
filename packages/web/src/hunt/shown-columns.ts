import type { QueryReply } from '@podwitness/api'

/** Positions of the columns that are shown, in order. Names that the answer does not have are nothing; none left means all. */
export function shownColumns(columns: QueryReply['columns'], wanted: readonly string[] | undefined): number[] {
  const found = (wanted ?? []).flatMap((name) => {
    const at = columns.findIndex((column) => column.name === name)
    return at < 0 ? [] : [at]
  })
  return found.length > 0 ? found : columns.map((_, at) => at)
}
