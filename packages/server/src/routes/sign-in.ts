import { loginRoute, logoutRoute, meRoute, rightsOf, signInWaysRoute } from '@podwitness/api'
import type { FastifyInstance } from 'fastify'
import type { OidcConfig } from '../access/access-config.ts'
import type { Access } from '../http/access.ts'
import { mount } from '../http/mount.ts'
import { readState } from '../readers/state-reader.ts'
import { VERSION } from '../version.ts'
import { mountOidc, START_PATH } from './oidc.ts'

/** Signing in and out, and who is signed in. */
export function mountSignIn(app: FastifyInstance, access: Access, oidc: OidcConfig | undefined): void {
  mount(app, access, loginRoute, async ({ body }, { request, reply }) => ({ user: await access.login(request, reply, body) }))
  mount(app, access, logoutRoute, async (_input, { request, reply }) => {
    await access.logout(request, reply)
    return {}
  })
  mount(app, access, signInWaysRoute, () => ({
    provider: oidc === undefined ? null : { name: oidc.name ?? new URL(oidc.issuer).hostname, path: START_PATH },
  }))
  if (oidc !== undefined) mountOidc(app, access, oidc)
  mount(app, access, meRoute, async (_input, { view, caller }) => {
    const state = await readState(view)
    const busy = state.imports.some((one) => one.state === 'running')
    const dataState = busy ? ('importing' as const) : state.missing.includes('no-data') ? ('empty' as const) : ('ready' as const)
    const user = (await access.objects.all()).user.get(caller.name)
    const { name, role, means, namespaces, clusters } = caller
    return {
      ...{ user: name, role, rights: rightsOf(role), means },
      seesNamespaces: namespaces === null ? null : [...namespaces],
      seesClusters: clusters === null ? null : [...clusters],
      needsPassword: means === 'session' && user?.source === 'local' && user.password === '',
      ...{ clusters: state.clusters, version: VERSION, dataState },
    }
  })
}
