import { describe, expect, test } from 'vitest'
import { ApiError } from './api-error.ts'
import { createClient } from './client.ts'
import * as routes from './routes/index.ts'

/** A `fetch` that keeps what it was asked and gives the answer at hand. */
function recordedFetch(answer: () => Response | Promise<Response>) {
  const asked: { url: string; init: RequestInit }[] = []
  const fake: typeof fetch = async (url, init = {}) => {
    asked.push({ url: String(url), init })
    return answer()
  }
  return { asked, fake }
}

const json = (body: unknown, status = 200) => new Response(JSON.stringify(body), { status })

describe('paths', () => {
  test.each([
    ['login', { token: 't' }, routes.loginRoute],
    ['logout', undefined, routes.logoutRoute],
    ['signInWays', undefined, routes.signInWaysRoute],
    ['users', undefined, routes.usersRoute],
    ['addUser', { name: 'X', role: 'viewer' }, routes.userAddRoute],
    ['changeUser', 'X', routes.userChangeRoute],
    ['resetUser', 'X', routes.userResetRoute],
    ['setPassword', { password: '' }, routes.ownPasswordRoute],
    ['apiTokens', undefined, routes.apiTokensRoute],
    ['createApiToken', { label: '', role: 'viewer' }, routes.apiTokenCreateRoute],
    ['revokeApiToken', 'X', routes.apiTokenRevokeRoute],
    ['signIns', undefined, routes.signInsRoute],
    ['endSignIn', 'X', routes.signInEndRoute],
    ['signOutEverywhere', undefined, routes.signOutEverywhereRoute],
    ['me', undefined, routes.meRoute],
    ['state', undefined, routes.stateRoute],
    ['overview', {}, routes.overviewRoute],
    ['integrity', undefined, routes.integrityRoute],
    ['checkIntegrity', undefined, routes.integrityCheckRoute],
    ['sessions', {}, routes.sessionsRoute],
    ['session', 'X', routes.sessionRoute],
    ['find', {}, routes.findRoute],
    ['loss', {}, routes.lossRoute],
    ['event', 'X', routes.eventRoute],
    ['eventProof', 'X', routes.eventProofRoute],
    ['eventPod', 'X', routes.eventPodRoute],
    ['rules', undefined, routes.rulesRoute],
    ['lintRules', { yaml: '' }, routes.ruleLintRoute],
    ['applyRules', { yaml: '' }, routes.ruleApplyRoute],
    ['previewRule', { yaml: '' }, routes.rulePreviewRoute],
    ['removeRule', 'X', routes.ruleRemoveRoute],
    ['alerts', {}, routes.alertsRoute],
    ['alert', 'X', routes.alertRoute],
    ['ackAlert', 'X', routes.alertAckRoute],
    ['resolveAlert', 'X', routes.alertResolveRoute],
    ['silences', undefined, routes.silencesRoute],
    ['silence', {}, routes.silenceRoute],
    ['removeSilence', 'X', routes.silenceRemoveRoute],
    ['channels', undefined, routes.channelsRoute],
    ['saveChannel', {}, routes.channelSaveRoute],
    ['removeChannel', 'X', routes.channelRemoveRoute],
    ['removeTemplate', 'X', routes.templateRemoveRoute],
    ['testChannel', 'X', routes.channelTestRoute],
    ['templates', undefined, routes.templatesRoute],
    ['saveTemplate', {}, routes.templateSaveRoute],
    ['previewTemplate', {}, routes.templatePreviewRoute],
    ['sources', undefined, routes.sourcesRoute],
    ['testSource', { intake: 'syslog' }, routes.sourceTestRoute],
    ['usage', undefined, routes.usageRoute],
    ['setRetention', { api: 7 }, routes.setRetentionRoute],
    ['senders', undefined, routes.sendersRoute],
    ['createToken', {}, routes.tokenCreateRoute],
    ['revokeToken', 'X', routes.tokenRevokeRoute],
    ['revokeSender', 'X', routes.senderRevokeRoute],
    ['identities', undefined, routes.identitiesRoute],
    ['saveIdentities', {}, routes.identitySaveRoute],
    ['removeIdentity', {}, routes.identityRemoveRoute],
    ['masks', undefined, routes.masksRoute],
    ['testMasks', {}, routes.maskTestRoute],
    ['complete', { lang: 'kql', text: '', position: 0 }, routes.editorCompleteRoute],
    ['hover', { lang: 'kql', text: '', position: 0 }, routes.editorHoverRoute],
    ['signature', { lang: 'kql', text: '', position: 0 }, routes.editorSignatureRoute],
    ['diagnose', { lang: 'kql', text: '' }, routes.editorDiagnoseRoute],
    ['format', { lang: 'kql', text: '' }, routes.editorFormatRoute],
    ['histogram', { lang: 'kql', query: '', from: '', to: '' }, routes.histogramRoute],
    ['savedQueries', undefined, routes.savedQueriesRoute],
    ['saveQuery', { name: 'n', lang: 'kql', query: 'T' }, routes.saveQueryRoute],
    ['removeQuery', 'X', routes.removeQueryRoute],
    ['savedQueriesText', {}, routes.savedQueriesTextRoute],
    ['lintQueries', { yaml: '' }, routes.lintQueriesRoute],
    ['applyQueries', { yaml: '' }, routes.applyQueriesRoute],
    ['shareLink', { address: '/' }, routes.shareLinkRoute],
    ['sharedLink', 'X', routes.sharedLinkRoute],
    ['runningQueries', undefined, routes.runningQueriesRoute],
    ['cancelQuery', 'X', routes.cancelQueryRoute],
    ['query', { lang: 'sql', query: 'SELECT 1' }, routes.queryRoute],
  ] as const)('%s calls the route of that name', async (name, input, route) => {
    const { asked, fake } = recordedFetch(() => json({}))
    const call = createClient({ baseUrl: 'http://h', fetch: fake })[name] as (input: unknown) => Promise<unknown>
    await call(input)
    expect(asked[0]?.url).toBe(`http://h${route.path.replace(/:\w+/, 'X')}`)
    expect(asked[0]?.init.method).toBe(route.method)
  })
})

test('lists repeat their name and text is encoded', async () => {
  const { asked, fake } = recordedFetch(() => json({}))
  const client = createClient({ baseUrl: '', fetch: fake, token: 'secret' })
  await client.sessions({ user: ['alice', 'a&b=c'], command: 'rm -rf /*', platform: false })
  await client.event('1795229611.379:1/2 ?')
  expect(asked[0]?.url).toBe('/api/v1/sessions?user=alice&user=a%26b%3Dc&command=rm+-rf+%2F*&platform=false')
  expect(asked[1]?.url).toBe('/api/v1/events/1795229611.379%3A1%2F2%20%3F')
  expect(new Headers(asked[0]?.init.headers).get('authorization')).toBe('Bearer secret')
})

describe('failures are ApiErrors', () => {
  const body = { code: 'PW-SE-001', what: 'No such session', why: 'It is not in the store.', do: 'Look at the list.' }
  test.each<[string, () => Response | Promise<Response>, string, number]>([
    ['the body of the server', () => json(body, 404), 'PW-SE-001', 404],
    ['a page of a proxy', () => new Response('<html>', { status: 502 }), 'PW-AP-002', 502],
    ['an error without a code', () => json({ message: 'no' }, 500), 'PW-AP-002', 500],
    ['success that is not JSON', () => new Response('hello'), 'PW-AP-002', 200],
    ['no answer', () => Promise.reject(new TypeError('fetch failed')), 'PW-AP-001', 0],
  ])('%s', async (_, answer, code, status) => {
    const call = createClient({ baseUrl: 'http://h', fetch: recordedFetch(answer).fake }).session('a')
    await expect(call).rejects.toMatchObject({ name: 'ApiError', code, status })
    await expect(call).rejects.toBeInstanceOf(ApiError)
  })
})

test('an abort stays an abort', async () => {
  const abort = new AbortController()
  const { fake } = recordedFetch(() => Promise.reject(new Error('aborted')))
  abort.abort('left the page')
  await expect(createClient({ baseUrl: '', fetch: fake }).me(abort.signal)).rejects.toBe('left the page')
})
