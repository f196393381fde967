import { type ErrorEntries, entry } from './error-entry.ts'

/** Codes of signing in through a provider. */
export const oidcErrors: ErrorEntries = {
  'PW-OI-001': entry(
    3,
    'The sign-in provider does not answer',
    'What the issuer publishes about itself, its keys or its tokens could not be had within ten seconds, or the file with the client secret could not be read.',
    'Try again later, or sign in with a name and password of this server: local users work without the provider.',
  ),
  'PW-OI-002': entry(
    4,
    'The answer of the sign-in provider does not hold',
    'State, nonce, signature, issuer, audience, PKCE or times are not those of the request, the sign-in took more than ten minutes, or another browser began it.',
    'Sign in again. Where it happens each time, look at the client that is registered there, and at the clocks.',
  ),
  'PW-OI-003': entry(
    4,
    'The provider knows the user, but the user may not sign in here',
    'The user is in no group that the configuration names, is disabled here, or the provider does not say the name.',
    'Name a group of the user in `access.oidc.groups`, or enable the user.',
  ),
}
