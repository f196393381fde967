import { type Static, Type } from 'typebox'
import type { Route } from '../route.ts'

/** A channel as it was set up; secrets are `***`. */
export const AlertChannel = Type.Object({
  id: Type.String(),
  name: Type.String(),
  type: Type.String(),
  options: Type.Record(Type.String(), Type.String()),
})
export type AlertChannel = Static<typeof AlertChannel>

/** A channel in the list, with when it last took a message, a test too. */
const ListedChannel = Type.Object({
  ...AlertChannel.properties,
  lastTaken: Type.Union([Type.String(), Type.Null()], { description: 'ISO 8601; null where it took none yet.' }),
})

export const channelsRoute = {
  method: 'GET',
  right: 'audit',
  path: '/api/v1/channels',
  summary: 'Channels, and the types there are with their options.',
  reply: Type.Object({
    channels: Type.Array(ListedChannel),
    types: Type.Array(
      Type.Object({
        type: Type.String(),
        description: Type.String(),
        perMinute: Type.Integer(),
        options: Type.Array(
          Type.Object({ name: Type.String(), required: Type.Boolean(), secret: Type.Boolean(), description: Type.String() }),
        ),
      }),
    ),
  }),
} as const satisfies Route

export const channelSaveRoute = {
  method: 'POST',
  right: 'change',
  act: 'channel-save',
  path: '/api/v1/channels',
  summary: 'Adds a channel; an identifier that is taken is refused unless `replace` says so. A secret `***` stays what it was.',
  body: Type.Object({
    id: Type.String(),
    name: Type.String(),
    type: Type.String(),
    options: Type.Record(Type.String(), Type.String()),
    replace: Type.Optional(Type.Boolean()),
  }),
  reply: AlertChannel,
} as const satisfies Route

export const channelRemoveRoute = {
  method: 'POST',
  right: 'change',
  act: 'channel-remove',
  path: '/api/v1/channels/:id/remove',
  summary: 'Removes a channel that no rule tells.',
  params: Type.Object({ id: Type.String() }),
  reply: Type.Object({}),
} as const satisfies Route

export const channelTestRoute = {
  method: 'POST',
  right: 'change',
  act: 'channel-test',
  path: '/api/v1/channels/:id/test',
  summary: 'Sends a test message now and tells the vendor’s answer.',
  params: Type.Object({ id: Type.String() }),
  reply: Type.Object({ ok: Type.Boolean(), status: Type.Integer(), answer: Type.String() }),
} as const satisfies Route

export const AlertTemplate = Type.Object({
  id: Type.String(),
  name: Type.String(),
  title: Type.String(),
  body: Type.String(),
})
export type AlertTemplate = Static<typeof AlertTemplate>

const TemplateFault = Type.Object({
  part: Type.String({ description: 'title or body' }),
  line: Type.Integer(),
  column: Type.Integer(),
  message: Type.String(),
  hint: Type.String(),
})

export const templatesRoute = {
  method: 'GET',
  right: 'audit',
  path: '/api/v1/templates',
  summary: 'Content templates of messages.',
  reply: Type.Object({ templates: Type.Array(AlertTemplate) }),
} as const satisfies Route

export const templateSaveRoute = {
  method: 'POST',
  right: 'change',
  act: 'template-save',
  path: '/api/v1/templates',
  summary: 'Saves a content template; one with faults is refused, or repaired where `repair` says so.',
  body: Type.Object({
    id: Type.String({ minLength: 1 }),
    name: Type.String(),
    title: Type.String({ maxLength: 10_000 }),
    body: Type.String({ maxLength: 100_000 }),
    repair: Type.Optional(Type.Boolean()),
  }),
  reply: AlertTemplate,
} as const satisfies Route

export const templateRemoveRoute = {
  method: 'POST',
  right: 'change',
  path: '/api/v1/templates/:id/remove',
  summary: 'Removes a content template that no rule uses.',
  params: Type.Object({ id: Type.String() }),
  reply: Type.Object({}),
} as const satisfies Route

export const templatePreviewRoute = {
  method: 'POST',
  right: 'query',
  narrows: true,
  path: '/api/v1/templates/preview',
  summary: 'Faults of a template, its repaired form, and what it makes of a past alert.',
  body: Type.Object({
    title: Type.String({ maxLength: 10_000 }),
    body: Type.String({ maxLength: 100_000 }),
    alertId: Type.Optional(Type.String({ description: 'The newest alert unless given.' })),
    type: Type.Optional(Type.String({ description: 'Channel type whose form values take; dingtalk unless given.' })),
  }),
  reply: Type.Object({
    faults: Type.Array(TemplateFault),
    repaired: Type.Object({ title: Type.String(), body: Type.String() }),
    title: Type.String(),
    text: Type.String(),
  }),
} as const satisfies Route
