import type { KqlFunctionTable } from './kql-function.ts'

export const BAG_FUNCTIONS: KqlFunctionTable = {}
