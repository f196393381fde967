import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { OidcConfig } from '../access/access-config.ts'
import { CALLBACK_PATH, OidcProvider, type PendingSignIn } from '../access/oidc/oidc-provider.ts'
import { userOfClaims } from '../access/oidc/user-of-claims.ts'
import type { Access } from '../http/access.ts'
import { ServerError } from '../server-error.ts'

export const START_PATH = '/oidc/start'
const COOKIE = 'podwitness_oidc'
/** How long somebody may take at the provider, seconds. */
const PENDING_SECONDS = 600
const config = { access: { right: 'none', open: true } } as const

type Pending = PendingSignIn & { readonly returnTo: string }

/** The way to an OpenID Connect provider and back. */
export function mountOidc(app: FastifyInstance, access: Access, options: OidcConfig): void {
  const provider = new OidcProvider(options)
  const secure = options.publicUrl.startsWith('https:') ? '; Secure' : ''
  // Lax: the browser comes back from another site, and must bring it.
  const keep = (reply: FastifyReply, value: string, seconds: number) =>
    reply.header('set-cookie', `${COOKIE}=${value}; HttpOnly; Path=/oidc; SameSite=Lax; Max-Age=${seconds}${secure}`)

  app.get<{ Querystring: { returnTo?: string } }>(START_PATH, { config }, (request, reply) =>
    orPage(access, request, reply, async () => {
      const { url, pending } = await provider.begin()
      const value = JSON.stringify({ ...pending, returnTo: ownPath(request.query.returnTo) } satisfies Pending)
      keep(reply, Buffer.from(value).toString('base64url'), PENDING_SECONDS)
      return reply.redirect(url)
    }),
  )
  app.get(CALLBACK_PATH, { config }, (request, reply) =>
    orPage(access, request, reply, async () => {
      const pending = pendingOf(request)
      keep(reply, '', 0)
      const claims = await provider.finish(new URL(request.url, 'http://localhost').search, pending)
      const { name, wish } = userOfClaims(claims, options)
      const user = await access.users.fromProvider(name, wish)
      if (user.disabled) throw disabled(name)
      await access.enter(request, reply, user, 'provider')
      return reply.redirect(pending.returnTo)
    }),
  )
}

/** A browser stands here: what fails is said on a page, and recorded. */
async function orPage(
  access: Access,
  request: FastifyRequest,
  reply: FastifyReply,
  go: () => Promise<FastifyReply>,
): Promise<FastifyReply> {
  try {
    return await go()
  } catch (error) {
    if (!(error instanceof ServerError)) throw error
    await access.refused(request, 'provider', `${error.code} ${error.why}`)
    const { code, what, why, do: todo } = error.toBody()
    const page = `<!doctype html><html lang="en"><meta charset="utf-8"><title>podwitness</title><h1>${escaped(what)}</h1><p>${escaped(why)}</p><p>${escaped(todo)}</p><p><code>${code}</code></p><p><a href="/">podwitness</a></p>`
    return reply.status(error.status).type('text/html; charset=utf-8').header('cache-control', 'no-store').send(page)
  }
}

function pendingOf(request: FastifyRequest): Pending {
  const text = new RegExp(`(?:^|;\\s*)${COOKIE}=([\\w-]+)`).exec(request.headers.cookie ?? '')?.[1] ?? ''
  try {
    const value = JSON.parse(Buffer.from(text, 'base64url').toString('utf8')) as Partial<Pending>
    const { state, nonce, verifier, returnTo } = value
    if ([state, nonce, verifier].every((one) => typeof one === 'string' && one.length >= 20))
      return { state: state ?? '', nonce: nonce ?? '', verifier: verifier ?? '', returnTo: ownPath(returnTo) }
  } catch {
    // Said below.
  }
  throw new ServerError('PW-OI-002', 403, {
    what: 'The answer of the sign-in provider does not hold.',
    why: `This browser did not begin to sign in here, or more than ${PENDING_SECONDS / 60} minutes ago.`,
    do: 'Sign in again.',
  })
}

/** A path of this server; anything that could lead elsewhere is the start page. */
function ownPath(path: unknown): string {
  return typeof path === 'string' && /^\/(?![/\\])[\x21-\x7e]*$/.test(path) && !path.includes('\\') ? path : '/'
}

function escaped(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`)
}

function disabled(name: string): ServerError {
  return new ServerError('PW-OI-003', 403, {
    what: 'The provider knows you, but you may not sign in here.',
    why: `${name} is disabled on this server.`,
    do: 'Ask an administrator of podwitness.',
  })
}
