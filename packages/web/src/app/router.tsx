import { createRootRoute, createRoute, createRouter, lazyRouteComponent } from '@tanstack/react-router'
import { AlertPage } from '../alerts/alert-page.tsx'
import { AlertsPage } from '../alerts/alerts-page.tsx'
import { FailureNotice } from '../controls/failure-notice.tsx'
import { NotFound } from '../controls/not-found.tsx'
import { EventPage } from '../event/event-page.tsx'
import { IntegrityPage } from '../integrity/integrity-page.tsx'
import { LinkPage } from '../link/link-page.tsx'
import { NodesPage } from '../nodes/nodes-page.tsx'
import { OverviewPage } from '../overview/overview-page.tsx'
import { RulesPage } from '../rules/rules-page.tsx'
import { alertsSearchOf } from '../search/alerts-search.ts'
import { huntSearchOf } from '../search/hunt-search.ts'
import { rulesSearchOf } from '../search/rules-search.ts'
import { sessionSearchOf } from '../search/session-search.ts'
import { sessionsSearchOf } from '../search/sessions-search.ts'
import { tailSearchOf } from '../search/tail-search.ts'
import { SessionPage } from '../session/session-page.tsx'
import { SessionsPage } from '../sessions/sessions-page.tsx'
import { parsePlainSearch, stringifyPlainSearch } from '../text/plain-search.ts'
import { timeSearchOf } from '../time/time-range.ts'
import { Frame } from './frame.tsx'

const root = createRootRoute({ component: Frame, notFoundComponent: NotFound })

const home = createRoute({
  getParentRoute: () => root,
  path: '/',
  validateSearch: timeSearchOf,
  component: OverviewPage,
})

/** The editor is large: it is loaded with the page that has it. */
const hunt = createRoute({
  getParentRoute: () => root,
  path: '/hunt',
  validateSearch: huntSearchOf,
  component: lazyRouteComponent(() => import('../hunt/hunt-page.tsx'), 'HuntPage'),
})

const tail = createRoute({
  getParentRoute: () => root,
  path: '/tail',
  validateSearch: tailSearchOf,
  component: lazyRouteComponent(() => import('../tail/tail-page.tsx'), 'TailPage'),
})

const alerts = createRoute({
  getParentRoute: () => root,
  path: '/alerts',
  validateSearch: alertsSearchOf,
  component: AlertsPage,
})

/** Messages lead to an alert and to its rule. */
const alert = createRoute({ getParentRoute: () => root, path: '/alerts/$alertId', component: AlertPage })

const rules = createRoute({
  getParentRoute: () => root,
  path: '/rules',
  validateSearch: rulesSearchOf,
  component: RulesPage,
})

const rule = createRoute({
  getParentRoute: () => root,
  path: '/rules/$ruleId',
  validateSearch: rulesSearchOf,
  component: RulesPage,
})

const nodes = createRoute({ getParentRoute: () => root, path: '/nodes', component: NodesPage })

const integrity = createRoute({ getParentRoute: () => root, path: '/integrity', component: IntegrityPage })

/** Settings are opened now and then: they are loaded when they are. */
const settingsPage = lazyRouteComponent(() => import('../settings/settings-page.tsx'), 'SettingsPage')
const settings = createRoute({ getParentRoute: () => root, path: '/settings', component: settingsPage })
const settingsSection = createRoute({ getParentRoute: () => root, path: '/settings/$section', component: settingsPage })

const sessions = createRoute({
  getParentRoute: () => root,
  path: '/sessions',
  validateSearch: sessionsSearchOf,
  component: SessionsPage,
})

const session = createRoute({
  getParentRoute: () => root,
  path: '/s/$traceId',
  validateSearch: sessionSearchOf,
  component: SessionPage,
})

const event = createRoute({ getParentRoute: () => root, path: '/e/$eventId', component: EventPage })

const link = createRoute({ getParentRoute: () => root, path: '/l/$linkId', component: LinkPage })

/** Every page and its address. */
export const router = createRouter({
  routeTree: root.addChildren([
    home,
    sessions,
    session,
    event,
    link,
    hunt,
    tail,
    alerts,
    alert,
    rules,
    rule,
    nodes,
    integrity,
    settings,
    settingsSection,
  ]),
  parseSearch: parsePlainSearch,
  stringifySearch: stringifyPlainSearch,
  scrollRestoration: true,
  defaultErrorComponent: ({ error }) => <FailureNotice error={error instanceof Error ? error : new Error(String(error))} />,
})

declare module '@tanstack/react-router' {
  interface Register {
    router: typeof router
  }
}
