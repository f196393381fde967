import { lowerGraphMatch, lowerShortestPaths } from '../graphs/graph-match.ts'
import { lowerGraphToTable } from '../graphs/graph-to-table.ts'
import { lowerMakeGraph } from '../graphs/make-graph.ts'
import { lowerMarkComponents } from '../graphs/mark-components.ts'
import type { Operator } from '../operator.ts'
import { lowerAs } from './as.ts'
import { lowerConsume } from './consume.ts'
import { lowerCount } from './count.ts'
import { lowerDistinct } from './distinct.ts'
import { lowerEvaluate } from './evaluate.ts'
import { lowerExtend } from './extend.ts'
import { lowerGetSchema } from './getschema.ts'
import { lowerInvoke } from './invoke.ts'
import { lowerJoin, lowerLookup } from './join.ts'
import { lowerMakeSeries } from './make-series.ts'
import { lowerMvApply } from './mv-apply.ts'
import { lowerMvExpand } from './mv-expand.ts'
import { lowerParse } from './parse.ts'
import { lowerParseKv } from './parse-kv.ts'
import { lowerPartition } from './partition.ts'
import { lowerPick, lowerProject, lowerRename } from './project.ts'
import { lowerSampleDistinct } from './sample-distinct.ts'
import { lowerScan } from './scan.ts'
import { lowerSearch } from './search.ts'
import { lowerSerialize } from './serialize.ts'
import { lowerSample, lowerSort, lowerTake, lowerTop } from './sort.ts'
import { lowerSummarize } from './summarize.ts'
import { lowerTopHitters } from './top-hitters.ts'
import { lowerTopNested } from './top-nested.ts'
import { lowerUnion } from './union.ts'
import { lowerWhere } from './where.ts'

/** Steps that take a graph. */
export const GRAPH_OPERATORS: ReadonlySet<string> = new Set([
  'GraphMatchOperator',
  'GraphShortestPathsOperator',
  'GraphToTableOperator',
  'GraphMarkComponentsOperator',
])

const unchanged: Operator = (input) => input

/** Operators by the syntax kind of the parser: what is not here is refused by name. */
export const OPERATORS: Readonly<Record<string, Operator>> = {
  FilterOperator: lowerWhere,
  ExtendOperator: lowerExtend,
  ProjectOperator: lowerProject,
  ProjectAwayOperator: lowerPick,
  ProjectKeepOperator: lowerPick,
  ProjectReorderOperator: lowerPick,
  ProjectRenameOperator: lowerRename,
  SortOperator: lowerSort,
  TakeOperator: lowerTake,
  TopOperator: lowerTop,
  CountOperator: lowerCount,
  DistinctOperator: lowerDistinct,
  SummarizeOperator: lowerSummarize,
  JoinOperator: lowerJoin,
  LookupOperator: lowerLookup,
  UnionOperator: (input, node, scope) => lowerUnion(input, node, scope),
  MvExpandOperator: lowerMvExpand,
  MvApplyOperator: lowerMvApply,
  MakeSeriesOperator: lowerMakeSeries,
  ParseOperator: lowerParse,
  ParseWhereOperator: lowerParse,
  SerializeOperator: lowerSerialize,
  SearchOperator: (input, node, scope) => lowerSearch(input, node, scope),
  ParseKvOperator: lowerParseKv,
  GetSchemaOperator: lowerGetSchema,
  EvaluateOperator: lowerEvaluate,
  ProjectByNamesOperator: lowerPick,
  SampleOperator: lowerSample,
  SampleDistinctOperator: lowerSampleDistinct,
  TopHittersOperator: lowerTopHitters,
  TopNestedOperator: lowerTopNested,
  PartitionOperator: lowerPartition,
  ScanOperator: lowerScan,
  InvokeOperator: lowerInvoke,
  ConsumeOperator: lowerConsume,
  AsOperator: lowerAs,
  MakeGraphOperator: lowerMakeGraph,
  GraphMatchOperator: lowerGraphMatch,
  GraphShortestPathsOperator: lowerShortestPaths,
  GraphToTableOperator: lowerGraphToTable,
  GraphMarkComponentsOperator: lowerMarkComponents,
  // A chart is drawn by who shows the answer; its rows are the same.
  RenderOperator: unchanged,
}

/** Steps that treat each partition of their rows by itself, or each row. */
export const PARTITIONED: ReadonlySet<string> = new Set([
  'FilterOperator',
  'ExtendOperator',
  'ProjectOperator',
  'ProjectAwayOperator',
  'ProjectKeepOperator',
  'ProjectReorderOperator',
  'ProjectRenameOperator',
  'SortOperator',
  'TakeOperator',
  'TopOperator',
  'SummarizeOperator',
  'MvExpandOperator',
  'ParseOperator',
  'ParseWhereOperator',
  'SerializeOperator',
  'CountOperator',
  'DistinctOperator',
  'SampleOperator',
  'SampleDistinctOperator',
  'TopHittersOperator',
  'TopNestedOperator',
  'ScanOperator',
  'MvApplyOperator',
  'ParseKvOperator',
  'ProjectByNamesOperator',
])
