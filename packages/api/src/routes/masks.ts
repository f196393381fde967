import { Type } from 'typebox'
import type { Route } from '../route.ts'

/** What the server hides before it stores, and what nodes hide before they send; counted. */
export const masksRoute = {
  method: 'GET',
  right: 'audit',
  path: '/api/v1/masks',
  summary: 'What is hidden before it is stored: values of API objects here, texts of command lines on the nodes; counted.',
  reply: Type.Object({
    api: Type.Array(Type.Object({ resource: Type.String(), events: Type.Integer(), values: Type.Integer() }), {
      description: 'By resource: API events in the store with hidden values, and how many values.',
    }),
    nodes: Type.Array(
      Type.Object({
        cluster: Type.String(),
        node: Type.String(),
        redacted: Type.Union([Type.Integer(), Type.Null()], {
          description: 'Events with hidden text since the agent started; null where it has no rules for that.',
        }),
      }),
    ),
  }),
} as const satisfies Route

export const maskTestRoute = {
  method: 'POST',
  right: 'query',
  path: '/api/v1/masks/test',
  summary: 'What would be stored of an API audit event. Nothing of it is kept.',
  body: Type.Object({
    event: Type.String({ minLength: 2, maxLength: 262_144, description: 'One audit.k8s.io/v1 event, JSON.' }),
  }),
  reply: Type.Object({
    masked: Type.Integer(),
    stored: Type.String(),
    fault: Type.String({ description: 'Why the text is no such event; empty otherwise.' }),
  }),
} as const satisfies Route
