import { readFileSync } from 'node:fs'
import * as oidc from 'openid-client'
import { ServerError } from '../../server-error.ts'
import type { OidcConfig } from '../access-config.ts'
import type { Claims } from './user-of-claims.ts'

/** Longest wait for the provider, seconds. */
const TIMEOUT_SECONDS = 10
/** What the provider publishes about itself is asked again after this time, milliseconds. */
const DISCOVERY_MS = 3_600_000
export const CALLBACK_PATH = '/oidc/callback'

/** What must come back with the answer; it is kept by the browser meanwhile. */
export interface PendingSignIn {
  readonly state: string
  readonly nonce: string
  readonly verifier: string
}

/**
 * An OpenID Connect provider: authorization code with PKCE, state and nonce. It is asked about itself when somebody wants
 * to sign in, never at the start: the server runs without it.
 */
export class OidcProvider {
  readonly #config: OidcConfig
  #found: { readonly configuration: oidc.Configuration; readonly atMs: number } | undefined

  constructor(config: OidcConfig) {
    this.#config = config
  }

  /** Where to send the browser. @throws ServerError PW-OI-001 where the provider cannot be asked. */
  async begin(): Promise<{ url: string; pending: PendingSignIn }> {
    const configuration = await this.#discover()
    const verifier = oidc.randomPKCECodeVerifier()
    const pending = { state: oidc.randomState(), nonce: oidc.randomNonce(), verifier }
    const url = oidc.buildAuthorizationUrl(configuration, {
      redirect_uri: this.#callback(),
      scope: (this.#config.scopes ?? ['openid', 'profile', 'email']).join(' '),
      code_challenge: await oidc.calculatePKCECodeChallenge(verifier),
      code_challenge_method: 'S256',
      state: pending.state,
      nonce: pending.nonce,
    })
    return { url: url.href, pending }
  }

  /**
   * What the provider says about who comes back.
   *
   * @param query The query string that it sent the browser back with, `?` included.
   * @throws ServerError PW-OI-001, PW-OI-002 where the answer does not hold.
   */
  async finish(query: string, { state, nonce, verifier }: PendingSignIn): Promise<Claims> {
    const configuration = await this.#discover()
    try {
      const checks = { pkceCodeVerifier: verifier, expectedState: state, expectedNonce: nonce, idTokenExpected: true }
      const tokens = await oidc.authorizationCodeGrant(configuration, new URL(`${this.#callback()}${query}`), checks)
      const claims: Claims = { ...tokens.claims() }
      const { userClaim = 'preferred_username', groupsClaim = 'groups' } = this.#config
      if (claims[userClaim] !== undefined && claims[groupsClaim] !== undefined) return claims
      if (configuration.serverMetadata().userinfo_endpoint === undefined) return claims
      return { ...(await oidc.fetchUserInfo(configuration, tokens.access_token, String(claims.sub))), ...claims }
    } catch (cause) {
      throw isUnreachable(cause) ? unreachable(this.#config.issuer, cause) : notHeld(cause)
    }
  }

  async #discover(): Promise<oidc.Configuration> {
    if (this.#found !== undefined && Date.now() - this.#found.atMs < DISCOVERY_MS) return this.#found.configuration
    const { issuer, clientId } = this.#config
    const server = new URL(issuer)
    const loopback = ['127.0.0.1', 'localhost', '[::1]'].includes(server.hostname)
    try {
      const secret = this.#secret()
      const configuration = await oidc.discovery(server, clientId, secret, secret === undefined ? oidc.None() : undefined, {
        timeout: TIMEOUT_SECONDS,
        // Without TLS only where nobody stands in between.
        ...(loopback && server.protocol === 'http:' ? { execute: [oidc.allowInsecureRequests] } : {}),
      })
      this.#found = { configuration, atMs: Date.now() }
      return configuration
    } catch (cause) {
      throw unreachable(issuer, cause)
    }
  }

  #secret(): string | undefined {
    const { clientSecretFile } = this.#config
    return clientSecretFile === undefined ? undefined : readFileSync(clientSecretFile, 'utf8').trim()
  }

  #callback(): string {
    return `${this.#config.publicUrl.replace(/\/$/, '')}${CALLBACK_PATH}`
  }
}

function isUnreachable(cause: unknown): boolean {
  return cause instanceof TypeError || (cause instanceof Error && ['TimeoutError', 'AbortError'].includes(cause.name))
}

function unreachable(issuer: string, cause: unknown): ServerError {
  return new ServerError(
    'PW-OI-001',
    502,
    {
      what: 'The sign-in provider does not answer.',
      why: `${issuer}: ${reasonOf(cause)}`,
      do: 'Try again later, or sign in with a name and password of this server.',
    },
    { cause },
  )
}

function notHeld(cause: unknown): ServerError {
  return new ServerError(
    'PW-OI-002',
    403,
    {
      what: 'The answer of the sign-in provider does not hold.',
      why: reasonOf(cause),
      do: 'Sign in again. Where it happens each time, look at the client that is registered there, and at the clocks.',
    },
    { cause },
  )
}

/** The innermost reason that says something. Answers of the provider are quoted, tokens are not part of them. */
function reasonOf(cause: unknown): string {
  if (!(cause instanceof Error)) return String(cause)
  const inner = cause.cause instanceof Error ? `: ${cause.cause.message}` : ''
  const described =
    'error_description' in cause && typeof cause.error_description === 'string' ? ` (${cause.error_description})` : ''
  return `${cause.message}${described}${inner}`.slice(0, 300)
}
