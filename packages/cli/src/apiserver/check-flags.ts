import { parse } from 'yaml'
import type { CheckResult } from './check-webhook.ts'

/** How a kube-apiserver is started, as far as auditing goes. */
export interface ApiserverStart {
  /** Without the dashes; a flag without value is `true`. */
  readonly flags: ReadonlyMap<string, string>
  readonly env: Readonly<Record<string, string>>
  /** Where host folders are seen in its container; undefined where it runs without one. */
  readonly mounts: readonly string[] | undefined
}

/** Most bytes that the intake takes of one list. */
const MAX_LIST_BYTES = 32 * 1024 * 1024
const LONGEST_WAIT_MS = 30_000
const LONGEST_BACKOFF_MS = 30_000
const LEAST_BUFFER = 1_000

/** Reads a static pod's manifest, or the configuration of K3s and RKE2; null where it is neither. */
export function readStart(text: string): ApiserverStart | null {
  const file = safely(() => parse(text) as unknown)
  const rancher = field(file, 'kube-apiserver-arg')
  if (Array.isArray(rancher)) return { flags: flagsOf(rancher), env: {}, mounts: undefined }
  const spec = field(file, 'spec')
  const containers = field(spec, 'containers')
  if (!Array.isArray(containers)) return null
  const container: unknown =
    containers.find((one) => field(one, 'name') === 'kube-apiserver') ?? (containers.length === 1 ? containers[0] : undefined)
  if (container === undefined) return null
  const words = [field(container, 'command'), field(container, 'args')].flatMap((list) => (Array.isArray(list) ? list : []))
  const env = asList(field(container, 'env')).map((one) => [String(field(one, 'name')), String(field(one, 'value') ?? '')])
  const mounts = asList(field(container, 'volumeMounts')).map((one) => String(field(one, 'mountPath')))
  return { flags: flagsOf(words), env: Object.fromEntries(env) as Record<string, string>, mounts }
}

/**
 * Looks for flags that keep events from being made, from being sent or from arriving whole.
 * Source: kubernetes.io, kube-apiserver reference (defaults); k8s.io/apiserver, pkg/server/options/audit.go.
 *
 * @param server The address in the webhook file.
 */
export function checkFlags({ flags, env, mounts }: ApiserverStart, server: URL | undefined): CheckResult[] {
  const value = (name: string, usual: string): string => flags.get(name) ?? usual
  const results = [
    given(flags, 'audit-policy-file', 'no policy: nothing is logged at all'),
    given(flags, 'audit-webhook-config-file', 'no webhook: nothing is sent'),
    said('flag audit-webhook-mode', value('audit-webhook-mode', 'batch'), (mode) =>
      mode === 'batch' ? '' : `${mode} makes every request wait for the intake; set batch`,
    ),
    said('flag audit-webhook-batch-max-wait', value('audit-webhook-batch-max-wait', '30s'), (wait) =>
      milliseconds(wait) > LONGEST_WAIT_MS ? 'events are held back this long; set 5s' : '',
    ),
    said('flag audit-webhook-batch-buffer-size', value('audit-webhook-batch-buffer-size', '10000'), (size) =>
      Number(size) < LEAST_BUFFER ? 'what does not fit is dropped; set 20000' : '',
    ),
    said('flag audit-webhook-initial-backoff', value('audit-webhook-initial-backoff', '10s'), (wait) =>
      milliseconds(wait) > LONGEST_BACKOFF_MS ? 'after one failure nothing is sent for this long; set 10s' : '',
    ),
    said('throttling', throttle(value), (rate) =>
      rate === 'off' || Number(rate) >= 5
        ? ''
        : 'lists a second: too few for a busy cluster, the buffer overflows; set audit-webhook-batch-throttle-qps=10',
    ),
    truncation(value),
  ]
  return [...results, ...mountChecks(flags, mounts), ...proxyChecks(env, server)]
}

const throttle = (value: (name: string, usual: string) => string): string =>
  value('audit-webhook-batch-throttle-enable', 'true') === 'false' ? 'off' : value('audit-webhook-batch-throttle-qps', '10')

function truncation(value: (name: string, usual: string) => string): CheckResult {
  const what = 'truncation'
  if (value('audit-webhook-truncate-enabled', 'false') !== 'true')
    return {
      what,
      ok: false,
      found: `off: a list over ${MAX_LIST_BYTES} bytes is refused whole; set audit-webhook-truncate-enabled=true`,
    }
  const most = Number(value('audit-webhook-truncate-max-batch-size', '10485760'))
  if (most > MAX_LIST_BYTES)
    return {
      what,
      ok: false,
      found: `audit-webhook-truncate-max-batch-size=${most} is more than the ${MAX_LIST_BYTES} bytes that are taken`,
    }
  return { what, ok: true, found: `lists up to ${most} bytes; larger events come without their objects` }
}

function given(flags: ApiserverStart['flags'], name: string, otherwise: string): CheckResult {
  const path = flags.get(name)
  return { what: `flag ${name}`, ok: path !== undefined && path !== 'true', found: path ?? otherwise }
}

function said(what: string, value: string, fault: (value: string) => string): CheckResult {
  const wrong = fault(value)
  return { what, ok: wrong === '', found: wrong === '' ? value : `${value}: ${wrong}` }
}

/** A file that no mount leads to is not there inside the container. */
function mountChecks(flags: ApiserverStart['flags'], mounts: readonly string[] | undefined): CheckResult[] {
  if (mounts === undefined) return []
  return ['audit-policy-file', 'audit-webhook-config-file'].flatMap((name) => {
    const path = flags.get(name)
    if (path === undefined) return []
    const mount = mounts.find((one) => path === one || path.startsWith(`${one.replace(/\/+$/, '')}/`))
    const found = mount ?? `no volumeMount leads to ${path}: the API server does not start, or runs without auditing`
    return [{ what: `mount of ${name}`, ok: mount !== undefined, found }]
  })
}

/** Go sends through HTTPS_PROXY unless NO_PROXY names the host. Source: golang.org/x/net/http/httpproxy. */
function proxyChecks(env: ApiserverStart['env'], server: URL | undefined): CheckResult[] {
  const proxy = env.HTTPS_PROXY ?? env.https_proxy ?? ''
  if (proxy === '' || server === undefined) return [{ what: 'proxy', ok: true, found: 'none' }]
  const host = server.hostname.replace(/^\[|\]$/g, '')
  const direct = (env.NO_PROXY ?? env.no_proxy ?? '').split(',').map((one) => one.trim().replace(/:\d+$/, ''))
  const spared =
    ['localhost', '127.0.0.1', '::1'].includes(host) ||
    direct.some((one) => one === '*' || one === host || (one !== '' && host.endsWith(one.startsWith('.') ? one : `.${one}`)))
  const found = spared
    ? 'not used for this address'
    : `events go through HTTPS_PROXY, which has to let them; else add ${host} to NO_PROXY`
  return [{ what: 'proxy', ok: spared, found }]
}

function flagsOf(words: readonly unknown[]): Map<string, string> {
  return new Map(
    words.flatMap((word): [string, string][] => {
      const match = /^(?:--)?([a-z][a-z0-9-]*)(?:=(.*))?$/s.exec(String(word))
      return match === null ? [] : [[match[1] ?? '', match[2] ?? 'true']]
    }),
  )
}

/** A duration as Go writes it, milliseconds. Source: Go, time.ParseDuration. */
function milliseconds(text: string): number {
  const units: Readonly<Record<string, number>> = { ms: 1, s: 1000, m: 60_000, h: 3_600_000 }
  return [...text.matchAll(/(\d+(?:\.\d+)?)(ms|s|m|h)/g)].reduce(
    (sum, [, count, unit = '']) => sum + Number(count) * (units[unit] ?? 0),
    0,
  )
}

const asList = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : [])

function field(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? Reflect.get(value, name) : undefined
}

function safely<T>(make: () => T): T | undefined {
  try {
    return make()
  } catch {
    return undefined
  }
}
