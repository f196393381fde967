import { createHash, createHmac, timingSafeEqual } from 'node:crypto'

/** What of a request a signature covers. */
export interface SignedRequest {
  readonly method: string
  /** Path without the query, as it was sent. */
  readonly path: string
  /** Decoded parameters of the query string. */
  readonly query: Readonly<Record<string, string>>
  /** By lower-case name. */
  readonly headers: Readonly<Record<string, string>>
  readonly body: Buffer
}

/** Why a signature does not hold, in the words of the API. */
export type SignatureFault =
  | 'MissingAuthorization'
  | 'InvalidAccessKeyId'
  | 'RequestTimeTooSkewed'
  | 'InvalidContentDigest'
  | 'SignatureNotMatch'

/** A request is answered within this time of its date; it cannot be sent again later. Source: SLS API reference, common errors. */
const MAX_SKEW_MS = 15 * 60_000

/** Which key a request names; undefined where it carries no signature of this kind. */
export function accessKeyIdOf(authorization: string): string | undefined {
  return (/^LOG ([^:\s]+):/.exec(authorization) ?? /^SLS4-HMAC-SHA256 Credential=([^/,\s]+)\//.exec(authorization))?.[1]
}

/**
 * Checks a request's signature. Source: SLS API reference, "Request signatures" (HMAC-SHA1 over `LOG id:signature`) and
 * "Request signatures (V4)" (HMAC-SHA256 over `SLS4-HMAC-SHA256 Credential=…`).
 *
 * @returns undefined where it holds.
 */
export function signatureFault(request: SignedRequest, secret: string, nowMs: number): SignatureFault | undefined {
  const authorization = request.headers.authorization ?? ''
  if (accessKeyIdOf(authorization) === undefined) return 'MissingAuthorization'
  return authorization.startsWith('LOG ') ? faultV1(request, secret, nowMs) : faultV4(request, secret, nowMs)
}

function faultV1(
  { method, path, query, headers, body }: SignedRequest,
  secret: string,
  nowMs: number,
): SignatureFault | undefined {
  const date = headers.date ?? headers['x-log-date'] ?? ''
  if (!isRecent(Date.parse(date), nowMs)) return 'RequestTimeTooSkewed'
  const digest = body.length === 0 ? '' : createHash('md5').update(body).digest('hex').toUpperCase()
  const sent = headers['content-md5'] ?? ''
  if (body.length > 0 && sent.toUpperCase() !== digest) return 'InvalidContentDigest'
  const given = /:(.+)$/.exec((headers.authorization ?? '').slice('LOG '.length))?.[1] ?? ''
  const algorithm = headers['x-log-signaturemethod'] === 'hmac-sha256' ? 'sha256' : 'sha1'
  const parameters = sorted(query).map(([name, value]) => `${name}=${value}`)
  const resource = `${path}${parameters.length === 0 ? '' : `?${parameters.join('&')}`}`
  // Some clients add x-log-date, a copy of Date for proxies, after they have signed; some leave the type of an empty body out.
  const variants = [true, false].flatMap((dated) => [headers['content-type'] ?? '', ''].map((type) => ({ dated, type })))
  const holds = variants.some(({ dated, type }) => {
    const names = sorted(headers).filter(([name]) => /^x-(?:log|acs)-/.test(name) && (dated || name !== 'x-log-date'))
    const lines = names.map(([name, value]) => `${name}:${value.trim()}\n`).join('')
    const text = `${method}\n${sent}\n${type}\n${date}\n${lines}${resource}`
    return same(createHmac(algorithm, secret).update(text).digest('base64'), given)
  })
  return holds ? undefined : 'SignatureNotMatch'
}

function faultV4(
  { method, path, query, headers, body }: SignedRequest,
  secret: string,
  nowMs: number,
): SignatureFault | undefined {
  const authorization = headers.authorization ?? ''
  const [, day = '', region = ''] =
    /Credential=[^/]+\/(\d{8})(?:T\d{6}Z)?\/([^/]+)\/sls\/aliyun_v4_request/.exec(authorization) ?? []
  const given = /Signature=([0-9a-f]{64})/i.exec(authorization)?.[1] ?? ''
  const date = headers['x-log-date'] ?? ''
  const parts = /^(\d{4})(\d{2})(\d{2})T(\d{2})(\d{2})(\d{2})Z$/.exec(date)
  const [year, month, dayOfMonth, hour, minute, second] = (parts ?? []).slice(1).map(Number)
  const time = parts === null ? Number.NaN : Date.UTC(year ?? 0, (month ?? 1) - 1, dayOfMonth, hour, minute, second)
  if (!isRecent(time, nowMs) || !date.startsWith(day)) return 'RequestTimeTooSkewed'
  const digest = createHash('sha256').update(body).digest('hex')
  if ((headers['x-log-content-sha256'] ?? '').toLowerCase() !== digest) return 'InvalidContentDigest'
  // Names stay as they are; only values are encoded.
  const parameters = sorted(query).map(([name, value]) => (value === '' ? name : `${name}=${encoded(value)}`))
  const holds = signedHeaders(headers, authorization).some((names) => {
    const lines = names.map((name) => `${name}:${(headers[name] ?? '').trim()}\n`).join('')
    const canonical = [method, path, parameters.join('&'), lines, names.join(';'), digest].join('\n')
    const scope = `${day}/${region}/sls/aliyun_v4_request`
    const text = ['SLS4-HMAC-SHA256', date, scope, createHash('sha256').update(canonical).digest('hex')].join('\n')
    const key = [day, region, 'sls', 'aliyun_v4_request'].reduce<Buffer | string>(
      (before, part) => createHmac('sha256', before).update(part).digest(),
      `aliyun_v4${secret}`,
    )
    return same(createHmac('sha256', key).update(text).digest('hex'), given.toLowerCase())
  })
  return holds ? undefined : 'SignatureNotMatch'
}

/** The names a signature may cover: those it lists, or all that count, with and without what clients add late. */
function signedHeaders(headers: Readonly<Record<string, string>>, authorization: string): string[][] {
  const listed = /SignedHeaders=([^,\s]+)/.exec(authorization)?.[1]
  if (listed !== undefined) return [listed.toLowerCase().split(';').sort()]
  const own = Object.keys(headers).filter((name) => /^x-(?:log|acs)-/.test(name))
  const late = ['content-type', 'host'].filter((name) => headers[name] !== undefined)
  const subsets = [late, ...late.map((name) => [name]), []]
  return subsets.map((more) => [...own, ...more].sort())
}

function sorted(values: Readonly<Record<string, string>>): [string, string][] {
  return Object.entries(values).sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0))
}

/** RFC 3986: everything but unreserved characters. */
function encoded(text: string): string {
  return encodeURIComponent(text).replace(/[!'()*]/g, (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`)
}

function isRecent(timeMs: number, nowMs: number): boolean {
  return Math.abs(timeMs - nowMs) <= MAX_SKEW_MS
}

function same(a: string, b: string): boolean {
  const hash = (text: string): Buffer => createHash('sha256').update(text).digest()
  return timingSafeEqual(hash(a), hash(b))
}
