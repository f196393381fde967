import { Type } from 'typebox'
import type { Route } from '../route.ts'

export const openApiRoute = {
  method: 'GET',
  right: 'none',
  open: true,
  path: '/api/v1/openapi.json',
  summary: 'This contract as an OpenAPI 3.1 document.',
  reply: Type.Record(Type.String(), Type.Unknown()),
} as const satisfies Route
