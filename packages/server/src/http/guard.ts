import type { FastifyInstance, FastifyRequest } from 'fastify'
import { ServerError } from '../server-error.ts'

/**
 * Headers of every answer. The page runs its own files only: no inline script or style, nothing from
 * elsewhere, not in anybody's frame. Source: W3C Content Security Policy Level 3; OWASP secure headers.
 */
const HEADERS: Readonly<Record<string, string>> = {
  'content-security-policy':
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; connect-src 'self'; manifest-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
  'referrer-policy': 'no-referrer',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'permissions-policy': 'camera=(), geolocation=(), microphone=()',
}

/** Paths whose answers hold evidence: ours, and those of the APIs that other clients speak. */
const ANSWERS = /^\/(?:api|v1|v2|workspaces|logstores|metrics|oidc)\b|^\/\$batch/

/**
 * Refuses requests that reach us under another name (DNS rebinding) or from another site's page, and
 * sets the security headers.
 *
 * @param names Host names the server goes by, without port; `null` accepts any.
 */
export function guard(app: FastifyInstance, names: readonly string[] | null): void {
  app.addHook('onRequest', async (request, reply) => {
    reply.headers(HEADERS)
    if (ANSWERS.test(request.url)) reply.header('cache-control', 'no-store')
    const host = (request.headers.host ?? '').replace(/:\d+$/, '').replace(/^\[|\]$/g, '')
    if (names !== null && !names.includes(host) && !isSigned(request)) throw foreign(`It asks for the host "${host}".`)
    if (request.method === 'GET' || request.method === 'HEAD') return
    const { origin, 'sec-fetch-site': site = 'none' } = request.headers
    // `Origin: null` is what a sandboxed or opaque page sends.
    if (origin !== undefined && (!URL.canParse(origin) || new URL(origin).host !== request.headers.host))
      throw foreign(`Its page is of ${origin}.`)
    // Source: W3C Fetch Metadata Request Headers; `none` is a person's own doing, programs send nothing.
    if (site !== 'same-origin' && site !== 'none') throw foreign(`The browser says that it comes from a ${String(site)} page.`)
  })
}

/** Clients of SLS put a project's name in front of the host. A page cannot sign, and a signature is checked on these paths. */
function isSigned({ url, headers }: FastifyRequest): boolean {
  return /^\/logstores\b/.test(url) && /^(?:LOG|SLS4-HMAC-SHA256) /.test(headers.authorization ?? '')
}

function foreign(why: string): ServerError {
  return new ServerError('PW-AU-004', 403, {
    what: 'The request comes from elsewhere.',
    why,
    do: 'Open podwitness under the address it printed; behind a proxy, name it with --allow-host.',
  })
}
