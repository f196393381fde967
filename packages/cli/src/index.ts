export { type ErrorEntry, errorTable } from './error-table.ts'
export { main } from './main.ts'
export { run } from './run.ts'
export { PipeClosed, type Terminal } from './terminal.ts'
