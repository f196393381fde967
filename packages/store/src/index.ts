export { openStore } from './open-store.ts'
export type * from './store.ts'
export * from './store-error.ts'
export * from './table-rows.ts'
