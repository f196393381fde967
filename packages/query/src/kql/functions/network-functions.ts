import type { KqlFunctionTable } from './kql-function.ts'

export const NETWORK_FUNCTIONS: KqlFunctionTable = {}
