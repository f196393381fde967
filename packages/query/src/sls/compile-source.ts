import { nearestName } from '../nearest-name.ts'
import type { ExpressionContext } from './analysis-context.ts'
import { compileExpression } from './compile-expression.ts'
import type { CompiledSource } from './compiled-source.ts'
import { type Column, ColumnsRelation, LogRelation } from './scope.ts'
import type { Source } from './statement.ts'

type Context = Omit<ExpressionContext, 'scope'>

export function compileSource(source: Source | undefined, context: Context): CompiledSource {
  if (source === undefined) return compileTable({ type: 'table', name: 'log', offset: 0 }, context, false)
  return compileAny(source, context, false)
}

/** `outer`: rows may be missing on this side of a join, so every column must be able to be null. */
function compileAny(source: Source, context: Context, outer: boolean): CompiledSource {
  switch (source.type) {
    case 'table':
      return compileTable(source, context, outer)
    case 'query': {
      const { sql, columns } = context.analysis.compileSelect(source.query, context.analysis, context.withNames)
      return known(`(${sql})`, columns, source.alias, source.columns, context, outer)
    }
    case 'unnest':
      return compileUnnest({ relations: [], print: () => '(SELECT 1) AS __one' }, source, context)
    case 'join':
      return compileJoin(source, context, outer)
  }
}

function compileTable(source: Extract<Source, { type: 'table' }>, context: Context, outer: boolean): CompiledSource {
  const { analysis } = context
  const { logstore, parameters } = analysis
  const name = source.name.toLowerCase()
  const named = context.withNames.get(name)
  if (named !== undefined) return known(named.id, named.columns, source.alias ?? source.name, undefined, context, outer)
  const ofCluster = name.startsWith(logstore.prefix) && name.length > logstore.prefix.length
  if (name !== 'log' && !ofCluster) {
    const nearest = nearestName(source.name, ['log', ...context.withNames.keys()])
    const hint = `Read from log${nearest === undefined || nearest === 'log' ? '' : `, or did you mean ${nearest}`}.`
    throw analysis.error('PW-QY-006', `"${source.name}" is not a source of rows here.`, source.offset, { hint, nearest })
  }
  const relation = new LogRelation(analysis.id('r'), source.alias ?? source.name, logstore, parameters)
  const cluster = source.name.slice(logstore.prefix.length)
  const condition = ofCluster
    ? `${analysis.condition} AND ${logstore.clusterColumn} = ${parameters.text(cluster)}`
    : analysis.condition
  return { relations: [relation], print: () => relation.print(condition) }
}

function known(
  sql: string,
  columns: readonly Pick<Column, 'name' | 'type'>[],
  alias: string | undefined,
  names: readonly string[] | undefined,
  context: Context,
  outer: boolean,
): CompiledSource {
  const id = context.analysis.id('r')
  const list = columns.map(({ name, type }, index) => ({ name: names?.[index] ?? name, type, sql: `${id}.o${index + 1}` }))
  const nullable = columns.map(({ type }, index) => {
    const column = `o${index + 1}`
    return type === 'array' || type === 'map' ? column : `toNullable(${column}) AS ${column}`
  })
  const rows = outer ? `(SELECT ${nullable.join(', ')} FROM ${sql})` : sql
  return { relations: [new ColumnsRelation(alias, list)], print: () => `${rows} AS ${id}` }
}

function compileJoin(source: Extract<Source, { type: 'join' }>, context: Context, outer: boolean): CompiledSource {
  const { kind, on, using } = source
  const left = compileAny(source.left, context, outer || kind === 'right' || kind === 'full')
  if (source.right.type === 'unnest') {
    if (kind !== 'cross') throw context.analysis.error('PW-QY-004', 'unnest works with cross join.', source.offset)
    return compileUnnest(left, source.right, context)
  }
  const right = compileAny(source.right, context, outer || kind === 'left' || kind === 'full')
  const relations = [...left.relations, ...right.relations]
  if (kind === 'cross') return { relations, print: () => `${left.print()} CROSS JOIN ${right.print()}` }
  const conditions = (using ?? []).map((name) => {
    const sides = [left, right].map((side) =>
      compileExpression({ type: 'column', parts: [name], offset: source.offset }, { ...context, scope: side }),
    )
    return sides.map((side) => side.sql).join(' = ')
  })
  if (on !== undefined) conditions.push(compileExpression(on, { ...context, scope: { relations } }).sql)
  return { relations, print: () => `${left.print()} ${kind.toUpperCase()} JOIN ${right.print()} ON ${conditions.join(' AND ')}` }
}

/** Several arrays go side by side, the shorter ones filled up with null; a map gives keys and values. */
function compileUnnest(left: CompiledSource, source: Extract<Source, { type: 'unnest' }>, context: Context): CompiledSource {
  const id = context.analysis.id('u')
  const arrays = source.arrays.flatMap((array) => {
    const { sql, type } = compileExpression(array, { ...context, scope: left })
    if (type !== 'array' && type !== 'map' && type !== 'unknown')
      throw context.analysis.error('PW-QY-005', `unnest needs an array, not ${type}.`, array.offset, {
        hint: 'Convert with cast(… as array(varchar)).',
      })
    return type === 'map' ? [`mapKeys(${sql})`, `mapValues(${sql})`] : [sql]
  })
  const [first] = arrays
  const longest = arrays.length === 1 ? `length(${first})` : `greatest(${arrays.map((array) => `length(${array})`).join(', ')})`
  if (source.numbered) arrays.push(`arrayMap(__i -> toInt64(__i), range(1, ${longest} + 1))`)
  const one = arrays.length === 1
  const columns = arrays.map((_, index) => ({
    name: source.columns?.[index] ?? `_col${index}`,
    type: 'unknown' as const,
    sql: one ? id : `tupleElement(${id}, ${index + 1})`,
  }))
  const joined = one ? arrays[0] : `arrayZipUnaligned(${arrays.join(', ')})`
  return {
    relations: [...left.relations, new ColumnsRelation(source.alias, columns)],
    print: () => `${left.print()} ARRAY JOIN ${joined} AS ${id}`,
  }
}
