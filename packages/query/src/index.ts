export { advauditCatalog } from './catalog/advaudit-catalog.ts'
export type * from './catalog/catalog.ts'
export { compile, MAX_QUERY_LENGTH } from './compile.ts'
export type * from './compile-request.ts'
export { type DetectedLanguage, detectLanguage } from './detect-language.ts'
export { editQuery } from './editor/edit-query.ts'
export * from './editor/editor-answer.ts'
export { type ValuePlace, valuePlace } from './editor/value-place.ts'
export { FUNCTIONS } from './functions/index.ts'
export { compileKql, warmKql } from './kql/compile-kql.ts'
export type { AskData } from './kql/compile-kql-here.ts'
export type { KqlRequest } from './kql/compile-step.ts'
export { engineFault, stepOffsets } from './kql/engine-fault.ts'
export type { KqlColumn } from './kql/kql-type.ts'
export { namedWorkspaces, WHOLE_STORE } from './kql/other-workspaces.ts'
export type { Render } from './kql/render.ts'
export {
  declarations,
  type FunctionCommand,
  isFunctionCommand,
  readFunctionCommand,
  type SavedFunction,
} from './kql/saved-functions.ts'
export { FUNCTION_COLUMNS } from './kql/show-command.ts'
export { supportPage as kqlSupportPage } from './kql/support-page.ts'
export { kqlSchemas } from './kql/table-schemas.ts'
export { nearestName } from './nearest-name.ts'
export { QueryError, type QueryErrorCode, type QueryErrorDetails } from './query-error.ts'
export { compileSlsHistogram } from './sls/compile-histogram.ts'
export { printSearch } from './sls/print-search.ts'
export { parseSearch } from './sls/search-parser.ts'
export { slsSupportPage } from './sls/support-page.ts'
