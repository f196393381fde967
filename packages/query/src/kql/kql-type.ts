import { KQL_TYPES, type KqlType } from '../compile-request.ts'

export { KQL_TYPES, type KqlType }

export interface KqlColumn {
  readonly name: string
  readonly type: KqlType
}

/**
 * How values of each type are held inside a statement. Text is never null; all others are Nullable. A timespan is its
 * number of ticks (100 ns), dynamic is JSON text, guid is lower-case text.
 */
export const ENGINE_TYPES: Readonly<Record<KqlType, string>> = {
  bool: 'Nullable(Bool)',
  int: 'Nullable(Int64)',
  long: 'Nullable(Int64)',
  real: 'Nullable(Float64)',
  decimal: 'Nullable(Decimal(76, 12))',
  datetime: "Nullable(DateTime64(7, 'UTC'))",
  timespan: 'Nullable(Int64)',
  string: 'String',
  dynamic: 'Nullable(String)',
  guid: 'Nullable(String)',
}

export function isKqlType(name: string | undefined): name is KqlType {
  return (KQL_TYPES as readonly (string | undefined)[]).includes(name)
}

export function isNumber(type: KqlType): boolean {
  return type === 'int' || type === 'long' || type === 'real' || type === 'decimal'
}

/** Names of the types in .NET, as schemas have them. Source: Kusto documentation, getschema operator. */
export const DOTNET: Readonly<Record<KqlType, string>> = {
  bool: 'System.SByte',
  int: 'System.Int32',
  long: 'System.Int64',
  real: 'System.Double',
  decimal: 'System.Data.SqlTypes.SqlDecimal',
  datetime: 'System.DateTime',
  timespan: 'System.TimeSpan',
  string: 'System.String',
  dynamic: 'System.Object',
  guid: 'System.Guid',
}
