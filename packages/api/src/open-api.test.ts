import { expect, it } from 'vitest'
import { ALL_ROUTES } from './all-routes.ts'
import { openApiDocument } from './open-api.ts'

interface Operation {
  readonly operationId: string
  readonly summary: string
  readonly parameters: readonly { readonly name: string; readonly in: string; readonly required: boolean }[]
  readonly requestBody?: unknown
  readonly security?: unknown
}
const document = JSON.parse(JSON.stringify(openApiDocument('1.2.3'))) as {
  readonly paths: Record<string, Record<string, Operation>>
  readonly components: { readonly schemas: Record<string, unknown> }
}
const operations = Object.entries(document.paths).flatMap(([path, methods]) =>
  Object.entries(methods).map(([method, operation]) => ({ path, method, ...operation })),
)

it('has every route of the contract once, under a name of its own', () => {
  const declared = ALL_ROUTES.map(([, { method, path }]) => `${method.toLowerCase()} ${path.replaceAll(/:(\w+)/g, '{$1}')}`)
  expect(operations.map(({ method, path }) => `${method} ${path}`).sort()).toEqual(declared.sort())
  expect(declared.length).toBeGreaterThan(60)
  expect(new Set(operations.map(({ operationId }) => operationId)).size).toBe(operations.length)
})

it('declares the parts of a path, and takes nothing in that is not declared', () => {
  for (const { path, parameters } of operations) {
    const named = [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name)
    const declared = parameters.filter((parameter) => parameter.in === 'path')
    expect(declared.map(({ name }) => name).sort(), path).toEqual(named.sort())
    expect(declared.every(({ required }) => required)).toBe(true)
  }
})

it('says of each what it does, and only open ones need no sign-in', () => {
  for (const { summary, path } of operations) expect(summary.length, path).toBeGreaterThan(8)
  const open = ALL_ROUTES.filter(([, route]) => route.open === true).map(([name]) => name)
  expect(operations.flatMap(({ operationId, security }) => (security === undefined ? [] : [operationId])).sort()).toEqual(
    open.sort(),
  )
})

it('points only at schemas that are there', () => {
  const references = [...JSON.stringify(document).matchAll(/"\$ref":"#\/components\/schemas\/(\w+)"/g)].map(([, name]) => name)
  expect(references.length).toBeGreaterThan(60)
  for (const name of new Set(references)) expect(document.components.schemas).toHaveProperty(name ?? '')
  expect(JSON.stringify(document).match(/"\$ref":"(?!#\/components)/)).toBeNull()
})
