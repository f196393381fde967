import { ALL_ROUTES } from '@podwitness/api'

/** The page docs/reference/api.md, from the route schemas. */
export function routesPage(): string {
  const parts = ALL_ROUTES.map(([, { method, path, summary, right, open, params, query, body, reply }]) => {
    const schemas = Object.entries({ Path: params, Query: query, Body: body, Reply: reply }).filter(
      ([, schema]) => schema !== undefined,
    )
    return [
      `## ${method} ${path}`,
      '',
      `${summary} ${open === true ? 'Answers without being signed in.' : `Right: ${right}.`}`,
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

Sign in with \`POST /api/v1/login\` for a cookie (HttpOnly, SameSite=Strict, 12 hours), or send \`Authorization: Bearer TOKEN\`. The token is printed by \`podwitness serve\` and kept in the file \`token\` of the data folder. Times are ISO 8601, UTC. Every answer that is not 2xx has the body \`{code, what, why, do}\`; \`errors.md\` lists the codes. Lists in a query repeat the name: \`user=alice&user=bob\`. \`GET /api/v1/openapi.json\` is this page for programs (OpenAPI 3.1). \`GET /healthz\` answers \`{"status":"ok"}\` to anybody.

${parts.join('\n')}`
}
