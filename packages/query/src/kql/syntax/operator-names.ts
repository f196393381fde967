/** Words that steps begin with. Source: Kusto documentation, "Tabular operators". */
export const OPERATOR_NAMES: readonly string[] = (
  'as consume count distinct evaluate extend facet find fork getschema graph-mark-components graph-match graph-shortest-paths ' +
  'graph-to-table invoke join limit lookup make-graph make-series mv-apply mv-expand order parse parse-kv parse-where partition project ' +
  'project-away project-keep project-rename project-reorder reduce render sample sample-distinct scan search serialize sort summarize ' +
  'take top top-hitters top-nested union where'
).split(' ')
