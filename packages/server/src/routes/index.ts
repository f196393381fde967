import {
  cancelQueryRoute,
  editorCompleteRoute,
  editorDiagnoseRoute,
  editorFormatRoute,
  editorHoverRoute,
  editorSignatureRoute,
  eventPodRoute,
  eventProofRoute,
  eventRoute,
  findRoute,
  histogramRoute,
  integrityCheckRoute,
  integrityRoute,
  lossRoute,
  openApiDocument,
  openApiRoute,
  overviewRoute,
  queryRoute,
  roleMay,
  runningQueriesRoute,
  sessionRoute,
  sessionsRoute,
  stateRoute,
} from '@podwitness/api'
import { editQuery } from '@podwitness/query'
import type { Store } from '@podwitness/store'
import type { FastifyInstance } from 'fastify'
import type { Caller } from '../access/caller.ts'
import type { ReadActs } from '../access/read-acts.ts'
import { mountKusto } from '../compatible/kusto-rest.ts'
import { mountLogAnalytics } from '../compatible/log-analytics.ts'
import { mountSls } from '../compatible/sls-rest.ts'
import { IntegrityCheck } from '../evidence/integrity-check.ts'
import { proveEvent } from '../evidence/prove-event.ts'
import type { Access } from '../http/access.ts'
import { askerOf } from '../http/authorise.ts'
import { disconnectSignal } from '../http/disconnect-signal.ts'
import { mount } from '../http/mount.ts'
import { type Onlooker, RunningQueries } from '../hunt/running-queries.ts'
import { completeQuery, queryHistogram } from '../query/editor.ts'
import { refuseBoundedSql } from '../query/refuse-bounded-sql.ts'
import { runQuery } from '../query/run-query.ts'
import { maySaveFunctions, SavedFunctions } from '../query/saved-functions.ts'
import { EventsReader } from '../readers/event-reader.ts'
import { findPlaces } from '../readers/find-places.ts'
import { readLoss } from '../readers/loss-reader.ts'
import { OverviewReader } from '../readers/overview-reader.ts'
import { SessionsReader } from '../readers/sessions-reader.ts'
import { readState } from '../readers/state-reader.ts'
import { ServerError } from '../server-error.ts'
import { IdentityMap } from '../settings/identity-map.ts'
import { VERSION } from '../version.ts'
import { mountAccess } from './access.ts'
import { mountEvidence } from './evidence-page.ts'
import { mountSavedQueries } from './saved-queries.ts'
import { mountTail } from './tail.ts'

/** Mounts every route of the HTTP contract. */
export function mountRoutes(
  app: FastifyInstance,
  access: Access,
  store: Store,
  { onUnexpected, reads }: { readonly onUnexpected: (error: Error) => void; readonly reads?: ReadActs | undefined },
): void {
  const config = { access: { right: 'none', open: true } } as const
  app.get('/healthz', { config }, async () => ({ status: 'ok' }))
  // Ready is who can answer: the store's engine is asked.
  app.get('/readyz', { config }, async () => {
    await store.health()
    return { status: 'ready' }
  })

  mount(app, access, openApiRoute, () => openApiDocument(VERSION))
  mountAccess(app, access)
  mount(app, access, stateRoute, (_input, { view }) => readState(view))
  const integrity = new IntegrityCheck(store)
  mount(app, access, integrityRoute, () => integrity.state())
  mount(app, access, integrityCheckRoute, () => integrity.start())
  mount(app, access, overviewRoute, ({ query }, { view }) => new OverviewReader(view.reader).read(query))
  mount(app, access, lossRoute, ({ query }, { view }) => readLoss(view.reader, query, Date.now()))
  const identities = new IdentityMap(store)
  mount(app, access, findRoute, async ({ query }, { view }) => ({
    found: await findPlaces(view.reader, query.text, await identities.list()),
  }))
  mount(app, access, sessionsRoute, ({ query }, { view }) => new SessionsReader(view.reader).list(query))
  mount(app, access, sessionRoute, async ({ params }, { view }) => {
    const found = await new SessionsReader(view.reader).detail(params.traceId)
    if (found === null) throw missing('PW-SE-001', 'session', params.traceId)
    return found
  })
  mount(app, access, eventRoute, async ({ params }, { view }) => {
    const found = await new EventsReader(view.reader, new SessionsReader(view.reader)).detail(params.eventId)
    if (found === null) throw missing('PW-EV-001', 'event', params.eventId)
    return found
  })
  mount(app, access, eventProofRoute, async ({ params }, { view }) => {
    const found = await proveEvent(view, params.eventId, Date.now())
    if (found === null) throw missing('PW-EV-001', 'event', params.eventId)
    return found
  })
  mount(app, access, eventPodRoute, async ({ params }, { view }) => ({
    pod: await new EventsReader(view.reader, new SessionsReader(view.reader)).pod(params.eventId),
  }))
  const running = new RunningQueries(reads)
  mountQueries(app, access, running)
  mountLogAnalytics(app, store, running, onUnexpected)
  mountEvidence(app, access, store)
  mountSavedQueries(app, access, store)
  mountTail(app, access)
  mountKusto(app, store, running, onUnexpected)
  mountSls(app, access, store, running, onUnexpected)
}

const onlooker = ({ name, role }: Caller): Onlooker => ({ name, admin: roleMay(role, 'change') })

function mountQueries(app: FastifyInstance, access: Access, running: RunningQueries): void {
  mount(app, access, queryRoute, async ({ body }, { request, reply, view, caller }) => {
    refuseBoundedSql(caller, body.lang)
    const mayChange = maySaveFunctions(caller.role)
    const { queryId, lang, query } = body
    const { from, to } = body
    const asked = {
      id: queryId,
      lang,
      query,
      by: caller.name,
      asker: askerOf(request),
      from,
      to,
      signal: disconnectSignal(reply),
    }
    return running.run(
      asked,
      (signal) => runQuery(view, { ...body, text: query, signal, mayChange }),
      ({ stats }) => stats.rows,
    )
  })
  mount(app, access, runningQueriesRoute, (_input, { caller }) => ({ queries: running.visible(onlooker(caller)) }))
  mount(app, access, cancelQueryRoute, ({ params }, { caller }) => {
    running.cancel(params.queryId, onlooker(caller))
    return {}
  })
  mount(app, access, histogramRoute, ({ body }, { reply, view }) => queryHistogram(view, body, disconnectSignal(reply)))
  mount(app, access, editorCompleteRoute, ({ body }, { reply, view }) => completeQuery(view, body, disconnectSignal(reply)))
  const functions = (view: Store, lang: string) => (lang === 'kql' ? new SavedFunctions(view).all() : [])
  mount(app, access, editorHoverRoute, async ({ body }, { view }) => ({
    hover: await editQuery({ task: 'hover', ...body, functions: await functions(view, body.lang) }),
  }))
  mount(app, access, editorSignatureRoute, async ({ body }, { view }) => ({
    signature: await editQuery({ task: 'signature', ...body, functions: await functions(view, body.lang) }),
  }))
  mount(app, access, editorDiagnoseRoute, async ({ body }, { view }) => ({
    diagnostics: [...(await editQuery({ task: 'diagnose', ...body, functions: await functions(view, body.lang) }))],
  }))
  mount(app, access, editorFormatRoute, async ({ body }) => ({ text: await editQuery({ task: 'format', ...body }) }))
}

function missing(code: 'PW-SE-001' | 'PW-EV-001', kind: string, id: string): ServerError {
  return new ServerError(code, 404, {
    what: `There is no ${kind} ${id}.`,
    why: 'It was never stored, has expired, or was worked out anew under another id when more evidence came.',
    do: 'Look for it in the list of sessions.',
  })
}
