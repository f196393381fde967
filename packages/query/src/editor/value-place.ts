import { KQL_TABLES } from '../kql/tables/index.ts'

/** A value being typed: of which field, and which part of the text it is. */
export interface ValuePlace {
  readonly field: string
  /** The table the field is of, in KQL. */
  readonly table: string
  readonly typed: string
  readonly from: number
  readonly to: number
}

/** A comparison of KQL whose text has been begun: `User == "al`, `User in ("a", "b`. */
const KQL_VALUE =
  /\b(\w+)\s*(?:==|!=|=~|!~|<>|!?(?:contains|has|startswith|endswith|hasprefix|hassuffix)(?:_cs)?|!?in~?\s*\((?:[^()"']|"[^"\n]*"|'[^'\n]*')*|has_(?:any|all)\s*\((?:[^()"']|"[^"\n]*"|'[^'\n]*')*)\s*(["'])([^"'\n]*)$/
/** `field: val` or `field: "val` of SLS, and `"field" = 'val` of its analysis part. */
const SLS_VALUE = /(?:^|[\s(])"?([A-Za-z_][\w.]*)"?\s*:\s*"?([^\s"()|]*)$/
const SQL_VALUE = /"?([A-Za-z_][\w.]*)"?\s*(?:=|<>|!=|\blike)\s*'([^'\n]*)$/

/** The value at the cursor, where one is being typed. */
export function valuePlace(lang: 'sls' | 'kql' | 'sql', text: string, position: number): ValuePlace | undefined {
  const before = text.slice(Math.max(0, position - 4096), position)
  if (lang === 'kql') {
    const [, field, , typed = ''] = KQL_VALUE.exec(before) ?? []
    const table = field === undefined ? undefined : tableBefore(text.slice(0, position), field)
    return field === undefined || table === undefined
      ? undefined
      : { field, table, typed, from: position - typed.length, to: position }
  }
  if (lang !== 'sls') return undefined
  const [, field, typed = ''] = (before.includes('|') ? SQL_VALUE : SLS_VALUE).exec(before) ?? []
  return field === undefined ? undefined : { field, table: 'log', typed, from: position - typed.length, to: position }
}

/** The last table named before, that has the field. */
function tableBefore(text: string, field: string): string | undefined {
  const names = [...text.matchAll(/\b[A-Za-z]\w*\b/g)].map(([name]) => name).reverse()
  return names.find(
    (name) => KQL_TABLES.get(name)?.columns.some((column) => column.name === field && column.type === 'string') === true,
  )
}
