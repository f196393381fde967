export * from './evidence.ts'
export { invokedName } from './names.ts'
export * from './observation.ts'

export { reconstruct } from './reconstruct.ts'
export { shellQuote } from './shell-quote.ts'
