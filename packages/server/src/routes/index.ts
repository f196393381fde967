import {
  editorCompleteRoute,
  editorDiagnoseRoute,
  editorFormatRoute,
  editorHoverRoute,
  eventPodRoute,
  eventProofRoute,
  eventRoute,
  histogramRoute,
  integrityCheckRoute,
  integrityRoute,
  loginRoute,
  logoutRoute,
  lossRoute,
  meRoute,
  overviewRoute,
  queryRoute,
  sessionRoute,
  sessionsRoute,
  stateRoute,
} from '@podwitness/api'
import { editQuery } from '@podwitness/query'
import type { Store } from '@podwitness/store'
import type { FastifyInstance } from 'fastify'
import { mountKusto } from '../compatible/kusto-rest.ts'
import { mountLogAnalytics } from '../compatible/log-analytics.ts'
import { mountSls } from '../compatible/sls-rest.ts'
import { completeQuery, queryHistogram } from '../editor.ts'
import { IntegrityCheck } from '../evidence/integrity-check.ts'
import { proveEvent } from '../evidence/prove-event.ts'
import type { Access } from '../http/access.ts'
import { disconnectSignal } from '../http/disconnect-signal.ts'
import { mount } from '../http/mount.ts'
import { EventsReader } from '../readers/event-reader.ts'
import { readLoss } from '../readers/loss-reader.ts'
import { OverviewReader } from '../readers/overview-reader.ts'
import { SessionsReader } from '../readers/sessions-reader.ts'
import { readState } from '../readers/state-reader.ts'
import { runQuery } from '../run-query.ts'
import { ServerError } from '../server-error.ts'
import { VERSION } from '../version.ts'
import { mountEvidence } from './evidence-page.ts'
import { mountSavedQueries } from './saved-queries.ts'

/** Mounts every route of the HTTP contract. */
export function mountRoutes(app: FastifyInstance, access: Access, store: Store, onUnexpected: (error: Error) => void): void {
  const sessions = new SessionsReader(store.reader)
  const events = new EventsReader(store.reader, sessions)
  app.get('/healthz', async () => ({ status: 'ok' }))
  // Ready is who can answer: the store's engine is asked.
  app.get('/readyz', async () => {
    await store.health()
    return { status: 'ready' }
  })

  mount(app, access, loginRoute, ({ body }, { request, reply }) => {
    access.login(request, reply, body.token)
    return { user: 'admin' }
  })
  mount(app, access, logoutRoute, (_input, { reply }) => {
    access.logout(reply)
    return {}
  })
  mount(app, access, meRoute, async () => {
    const state = await readState(store)
    const busy = state.imports.some((one) => one.state === 'running')
    const dataState = busy ? ('importing' as const) : state.missing.includes('no-data') ? ('empty' as const) : ('ready' as const)
    return { user: 'admin', clusters: state.clusters, version: VERSION, dataState }
  })
  mount(app, access, stateRoute, () => readState(store))
  const integrity = new IntegrityCheck(store)
  mount(app, access, integrityRoute, () => integrity.state())
  mount(app, access, integrityCheckRoute, () => integrity.start())
  mount(app, access, overviewRoute, ({ query }) => new OverviewReader(store.reader).read(query))
  mount(app, access, lossRoute, ({ query }) => readLoss(store.reader, query, Date.now()))
  mount(app, access, sessionsRoute, ({ query }) => sessions.list(query))
  mount(app, access, sessionRoute, async ({ params }) => {
    const found = await sessions.detail(params.traceId)
    if (found === null) throw missing('PW-SE-001', 'session', params.traceId)
    return found
  })
  mount(app, access, eventRoute, async ({ params }) => {
    const found = await events.detail(params.eventId)
    if (found === null) throw missing('PW-EV-001', 'event', params.eventId)
    return found
  })
  mount(app, access, eventProofRoute, async ({ params }) => {
    const found = await proveEvent(store, params.eventId, Date.now())
    if (found === null) throw missing('PW-EV-001', 'event', params.eventId)
    return found
  })
  mount(app, access, eventPodRoute, async ({ params }) => ({ pod: await events.pod(params.eventId) }))
  mount(app, access, queryRoute, async ({ body }, { reply }) =>
    runQuery(store, { ...body, text: body.query, signal: disconnectSignal(reply) }),
  )
  mount(app, access, histogramRoute, ({ body }, { reply }) => queryHistogram(store, body, disconnectSignal(reply)))
  mount(app, access, editorCompleteRoute, ({ body }, { reply }) => completeQuery(store, body, disconnectSignal(reply)))
  mount(app, access, editorHoverRoute, async ({ body }) => ({ hover: await editQuery({ task: 'hover', ...body }) }))
  mount(app, access, editorDiagnoseRoute, async ({ body }) => ({
    diagnostics: [...(await editQuery({ task: 'diagnose', ...body }))],
  }))
  mount(app, access, editorFormatRoute, async ({ body }) => ({ text: await editQuery({ task: 'format', ...body }) }))
  mountLogAnalytics(app, access, store, onUnexpected)
  mountEvidence(app, access, store)
  mountSavedQueries(app, access, store)
  mountKusto(app, access, store, onUnexpected)
  mountSls(app, access, store, onUnexpected)
}

function missing(code: 'PW-SE-001' | 'PW-EV-001', kind: string, id: string): ServerError {
  return new ServerError(code, 404, {
    what: `There is no ${kind} ${id}.`,
    why: 'It was never stored, has expired, or was worked out anew under another id when more evidence came.',
    do: 'Look for it in the list of sessions.',
  })
}
