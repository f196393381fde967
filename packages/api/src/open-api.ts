import type { TSchema } from 'typebox'
import { ALL_ROUTES } from './all-routes.ts'
import { ApiErrorBody } from './api-error.ts'
import type { Route } from './route.ts'

type Json = Record<string, unknown>

/**
 * The HTTP contract as an OpenAPI 3.1 document, from the schemas that requests are checked against.
 * Source: OpenAPI Specification 3.1.0; its schemas are JSON Schema as they are.
 *
 * @param version Version of podwitness.
 */
export function openApiDocument(version: string): Json {
  const paths: Record<string, Json> = {}
  for (const [name, route] of ALL_ROUTES) {
    const path = route.path.replaceAll(/:(\w+)/g, '{$1}')
    paths[path] = { ...paths[path], [route.method.toLowerCase()]: operation(name, route) }
  }
  return {
    openapi: '3.1.0',
    info: {
      title: 'podwitness',
      version,
      description: 'Times are ISO 8601, UTC. Every answer that is not 2xx has the body of the schema ApiError.',
      license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
    },
    servers: [{ url: '/' }],
    security: [{ token: [] }, { cookie: [] }],
    paths,
    components: {
      securitySchemes: {
        token: { type: 'http', scheme: 'bearer', description: 'A token of `podwitness tokens create --kind api`.' },
        cookie: { type: 'apiKey', in: 'cookie', name: 'podwitness_session', description: 'Set by signing in.' },
      },
      schemas: { ApiError: plain(ApiErrorBody) },
    },
  }
}

function operation(operationId: string, { summary, right, open, params, query, body, reply }: Route): Json {
  return {
    operationId,
    summary,
    'x-podwitness-right': right,
    ...(open === true ? { security: [] } : {}),
    parameters: [...parametersOf(params, 'path'), ...parametersOf(query, 'query')],
    ...(body === undefined ? {} : { requestBody: { required: true, content: json(plain(body)) } }),
    responses: {
      200: { description: 'Done.', content: json(plain(reply)) },
      default: { description: 'Not done.', content: json({ $ref: '#/components/schemas/ApiError' }) },
    },
  }
}

/** Lists in a query repeat the name, which is what OpenAPI takes where nothing is said. */
function parametersOf(schema: TSchema | undefined, place: 'path' | 'query'): Json[] {
  if (schema === undefined) return []
  const { properties = {}, required = [] } = plain(schema) as { properties?: Record<string, Json>; required?: string[] }
  return Object.entries(properties).map(([name, { description, ...property }]) => ({
    name,
    in: place,
    required: place === 'path' || required.includes(name),
    ...(description === undefined ? {} : { description }),
    schema: property,
  }))
}

function json(schema: Json): Json {
  return { 'application/json': { schema } }
}

/** A schema as it is written down: names are the document's own, not the library's. */
function plain(schema: TSchema): Json {
  const { $id: _, ...written } = JSON.parse(JSON.stringify(schema)) as Json
  return written
}
