import type { KqlFunctionTable } from './kql-function.ts'

export const ARRAY_FUNCTIONS: KqlFunctionTable = {}
