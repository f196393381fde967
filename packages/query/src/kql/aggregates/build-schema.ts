import type { KqlContext } from '../context.ts'
import { arrayJson } from '../functions/json-values.ts'
import { jsonString } from '../json-string.ts'
import type { SyntaxNode } from '../syntax/syntax-node.ts'

/** Deepest nesting that is described; each level is written out in the statement. */
const MAX_LEVELS = 10

/**
 * The schema that admits all of `values`, JSON texts of dynamic values: the names of their types, an object of the schemas
 * of their members, and under `indexer` that of the elements of arrays; a list where there are several. Types and members
 * stand in the order they are met. Source: Kusto documentation, buildschema().
 */
export function schemaOf(values: string, context: KqlContext, node: SyntaxNode, level = 0): string {
  if (level === MAX_LEVELS) {
    const nested = `arrayExists(v -> startsWith(v, '{') OR startsWith(v, '['), ${values})`
    const stop = context.stopIf(nested, node, `buildschema() describes ${MAX_LEVELS} levels at most.`)
    return `if(${stop} = 0, ${partsJson(types(values), context)}, '')`
  }
  const [list, bags, child] = ['v', 'v', 'v'].map((prefix) => context.fresh(prefix)) as [string, string, string]
  const keys = `arrayDistinct(arrayFlatten(arrayMap(b -> JSONExtractKeys(b), ${bags})))`
  const held = `arrayMap(b -> JSONExtractRaw(b, k), arrayFilter(b -> JSONHas(b, k), ${bags}))`
  const elements = `arrayFlatten(arrayMap(a -> JSONExtractArrayRaw(a), arrayFilter(v -> startsWith(v, '['), ${list})))`
  const isIndexer = `tupleElement(${child}, 1)`
  // The elements of arrays go down with the members of objects, so that what is below is written once.
  const children =
    `arrayConcat(arrayMap(k -> (0, k, ${held}), ${keys}), ` +
    `if(arrayExists(v -> startsWith(v, '['), ${list}), [(1, '\`indexer\`', ${elements})], []))`
  const below = schemaOf(`tupleElement(${child}, 3)`, context, node, level + 1)
  const described = `arrayMap(${child} -> (${isIndexer}, concat(${jsonString(`tupleElement(${child}, 2)`)}, ':', ${below})), ${children})`
  const made = context.once(described, (all) => {
    const object = (indexer: 0 | 1): string =>
      `concat('{', arrayStringConcat(arrayMap(c -> tupleElement(c, 2), arrayFilter(c -> tupleElement(c, 1) = ${indexer}, ${all})), ','), '}')`
    const parts =
      `arrayConcat(${types(list)}, if(empty(${bags}), [], [${object(0)}]), ` +
      `if(arrayExists(c -> tupleElement(c, 1) = 1, ${all}), [${object(1)}], []))`
    return partsJson(parts, context)
  })
  return `arrayElement(arrayMap((${list}, ${bags}) -> ${made}, [${values}], [arrayFilter(v -> startsWith(v, '{'), ${values})]), 1)`
}

/** Names of the types of values that hold no others. */
const types = (list: string): string => {
  const type = `multiIf(startsWith(v, '"'), '"string"', v IN ('true', 'false'), '"bool"', match(v, '^-?[0-9]+$'), '"long"', '"double"')`
  return `arrayDistinct(arrayMap(v -> ${type}, arrayFilter(v -> v != 'null' AND NOT startsWith(v, '{') AND NOT startsWith(v, '['), ${list})))`
}

const partsJson = (parts: string, context: KqlContext): string =>
  context.once(parts, (list) => `if(length(${list}) = 1, ${list}[1], ${arrayJson(list)})`)
