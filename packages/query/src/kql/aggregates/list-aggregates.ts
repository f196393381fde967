import { arrayJson, bagJson, firstOfKey, pairs } from '../functions/json-values.ts'
import { constantAt } from '../functions/kql-function.ts'
import type { Scalar } from '../scalar.ts'
import { toJson } from '../values/convert.ts'
import type { AggregateCall, KqlAggregate, KqlAggregateTable } from './aggregate.ts'
import { schemaOf } from './build-schema.ts'

export type Make = (
  signature: string,
  returns: KqlAggregate['returns'],
  emit: (args: readonly Scalar[], call: AggregateCall) => string,
  conditional?: boolean,
) => KqlAggregate

/** Most elements of a list. Source: Kusto documentation, make_list(). */
const MAX_LIST = 1_048_576
/** The same, of the functions under their old names. */
const MAX_OLD_LIST = 128

/** JSON texts of the values, in the order of the rows where there is one. */
function collected(value: string, keep: string, call: AggregateCall): string {
  const condition = [keep, ...(call.filter === undefined ? [] : [`ifNull(${call.filter}, false)`])].join(' AND ')
  if (call.place === undefined) return `groupArrayIf(${value}, ${condition})`
  return `arrayMap(e -> tupleElement(e, 2), arraySort(e -> tupleElement(e, 1), groupArrayIf((${call.place}, ${value}), ${condition})))`
}

function list(args: readonly Scalar[], call: AggregateCall, nulls: boolean): string {
  const json = toJson(args[0] as Scalar, call.context)
  return collected(nulls ? `ifNull(${json}, 'null')` : `assumeNotNull(${json})`, nulls ? 'true' : `isNotNull(${json})`, call)
}

function sliced(texts: string, args: readonly Scalar[], call: AggregateCall): string {
  const most = args.length > 1 ? Number(constantAt(args, 1, call)) : isOld(call) ? MAX_OLD_LIST : MAX_LIST
  return `arraySlice(${texts}, 1, ${Math.max(0, Math.min(most, MAX_LIST))})`
}

const isOld = ({ node }: AggregateCall): boolean =>
  /^(?:make(?:list|set)|make_dictionary)(?:_?if)?$/.test(node.fields.Name?.text ?? '')

export const LIST_AGGREGATES = (aggregate: Make): KqlAggregateTable => {
  const makeList = aggregate('any long?', 'dynamic', (args, call) => arrayJson(sliced(list(args, call, false), args, call)), true)
  const makeSet = aggregate(
    'any long?',
    'dynamic',
    (args, call) => {
      const all = list(args, call, false)
      // A set of arrays is the set of what they hold.
      const each = `arrayFlatten(arrayMap(t -> if(startsWith(t, '['), JSONExtractArrayRaw(t), [t]), ${all}))`
      return arrayJson(sliced(`arrayDistinct(${args[0]?.type === 'dynamic' ? each : all})`, args, call))
    },
    true,
  )
  return {
    make_list: makeList,
    makelist: makeList,
    make_set: makeSet,
    makeset: makeSet,
    make_list_with_nulls: aggregate('any long?', 'dynamic', (args, call) =>
      arrayJson(sliced(list(args, call, true), args, call)),
    ),
  }
}

export const BAG_AGGREGATES = (aggregate: Make): KqlAggregateTable => {
  const makeBag = aggregate(
    'dynamic long?',
    'dynamic',
    (args, call) => {
      const bag = args[0]?.sql ?? 'NULL'
      const all = collected(`assumeNotNull(${bag})`, `isNotNull(${bag})`, call)
      return call.context.once(`arrayFlatten(arrayMap(b -> ${pairs('b')}, ${all}))`, (members) =>
        bagJson(sliced(firstOfKey(members), args, call)),
      )
    },
    true,
  )
  const buildSchema = aggregate('dynamic', 'dynamic', ([value], call) => {
    const all = collected(`assumeNotNull(${value?.sql})`, `isNotNull(${value?.sql})`, call)
    return `toNullable(${schemaOf(`arrayDistinct(${all})`, call.context, call.node)})`
  })
  return { make_bag: makeBag, make_dictionary: makeBag, buildschema: buildSchema }
}
