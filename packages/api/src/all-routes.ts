import type { Route } from './route.ts'
import * as declared from './routes/index.ts'

/** Every route of the contract by its name, `sessions` for `sessionsRoute`, in the order of their paths. */
export const ALL_ROUTES: readonly (readonly [name: string, route: Route])[] = Object.entries(declared)
  .flatMap(([name, value]: [string, unknown]) => (isRoute(value) ? [[name.replace(/Route$/, ''), value] as const] : []))
  .sort(([, a], [, b]) => (a.path === b.path ? compare(a.method, b.method) : compare(a.path, b.path)))

function isRoute(value: unknown): value is Route {
  return typeof value === 'object' && value !== null && 'method' in value && 'path' in value && 'right' in value
}

function compare(a: string, b: string): number {
  return a < b ? -1 : 1
}
