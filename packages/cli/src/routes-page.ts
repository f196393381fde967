import type { Route } from '@podwitness/api'
import * as api from '@podwitness/api'

const ROUTES: readonly Route[] = [
  api.loginRoute,
  api.logoutRoute,
  api.meRoute,
  api.stateRoute,
  api.sessionsRoute,
  api.sessionRoute,
  api.lossRoute,
  api.eventRoute,
  api.queryRoute,
  api.runningQueriesRoute,
  api.cancelQueryRoute,
  api.rulesRoute,
  api.ruleLintRoute,
  api.ruleApplyRoute,
  api.rulePreviewRoute,
  api.ruleRemoveRoute,
  api.alertsRoute,
  api.alertRoute,
  api.alertAckRoute,
  api.alertResolveRoute,
  api.silencesRoute,
  api.silenceRoute,
  api.silenceRemoveRoute,
  api.channelsRoute,
  api.channelSaveRoute,
  api.channelRemoveRoute,
  api.templateRemoveRoute,
  api.channelTestRoute,
  api.templatesRoute,
  api.templateSaveRoute,
  api.templatePreviewRoute,
  api.histogramRoute,
  api.editorCompleteRoute,
  api.editorHoverRoute,
  api.editorDiagnoseRoute,
  api.editorFormatRoute,
]

/** The page docs/reference/api.md, from the route schemas. */
export function routesPage(): string {
  const parts = ROUTES.map((route) => {
    const { method, path, summary, open, params, query, body, reply } = route
    const schemas = Object.entries({ Path: params, Query: query, Body: body, Reply: reply }).filter(
      ([, schema]) => schema !== undefined,
    )
    return [
      `## ${method} ${path}`,
      '',
      `${summary}${open === true ? ' Answers without being signed in.' : ''}`,
      '',
      ...schemas.flatMap(([name, schema]) => [
        `${name} (JSON Schema):`,
        '',
        '```json',
        JSON.stringify(schema, null, 1),
        '```',
        '',
      ]),
    ].join('\n')
  })
  return `# HTTP API

Sign in with \`POST /api/v1/login\` for a cookie (HttpOnly, SameSite=Strict, 12 hours), or send \`Authorization: Bearer TOKEN\`. The token is printed by \`podwitness serve\` and kept in the file \`token\` of the data folder. Times are ISO 8601, UTC. Every answer that is not 2xx has the body \`{code, what, why, do}\`; \`errors.md\` lists the codes. Lists in a query repeat the name: \`user=alice&user=bob\`. \`GET /healthz\` answers \`{"status":"ok"}\` to anybody.

${parts.join('\n')}`
}
