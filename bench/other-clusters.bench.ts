/**
 * What sessions say of the recording as other clusters would have left it, held against its ground truth: set up
 * otherwise, with other clocks, or with some of the records lost. Names that are wrong, claims that say more than is
 * so, and commands of others in somebody's session must be 0 everywhere; how much is still named is shown beside what
 * was left to be named.
 *
 * Run: npx tsx --conditions=podwitness-source bench/other-clusters.bench.ts [WORD in the variant's name]
 */
import {
  accounts,
  both,
  disordered,
  eachLine,
  impersonating,
  loseApi,
  loseAudit,
  loseRequests,
  loseSpans,
  metadataOnly,
  overWebSocket,
  pidMax,
  skewed,
  slower,
  stages,
  throughKubelet,
  ticking,
  twiceAs,
  type Variant,
  withoutContinuations,
  withoutStatus,
  withoutTypes,
  withSecondNode,
  writtenAs,
} from '../tests/cluster-variants.ts'
import { recordedCluster, tell } from '../tests/recorded-cluster.ts'
import { leftToTell, scoreAgainstTruth } from '../tests/truth.ts'

const only = process.argv[2] ?? ''
const seconds = (time: string): string => `${time.slice(0, 19)}Z`
const eastern = (time: string): string => `${new Date(Date.parse(time) + 8 * 3_600_000).toISOString().slice(0, 23)}+08:00`
const seeds = [1, 2, 3, 4]

const VARIANTS: readonly (readonly [string, Variant])[] = [
  ['as recorded', (cluster) => cluster],
  ...[0.01, 0.05, 0.1, 0.14, 0.2, 0.3].flatMap((share) =>
    seeds.map((seed) => [`${share * 100} % of node events lost, ${seed}`, loseAudit(share, seed)] as const),
  ),
  ...[0.01, 0.1, 0.3].flatMap((share) =>
    seeds.map((seed) => [`${share * 100} % of API stages lost, ${seed}`, loseApi(share, seed)] as const),
  ),
  ...[0.1, 0.3].flatMap((share) =>
    seeds.map((seed) => [`${share * 100} % of API requests lost, ${seed}`, loseRequests(share, seed)] as const),
  ),
  ...[0.05, 0.15, 0.3].flatMap((share) =>
    seeds.map((seed) => [`${share * 100} % of both lost, ${seed}`, both(loseAudit(share, seed), loseApi(share, seed))] as const),
  ),
  ...[0, 10_000, 20_000, 30_000, 45_000, 60_000, 75_000].map(
    (at) => [`node events of 30 s from ${at / 1000} s on lost`, loseSpans([at, at + 30_000])] as const,
  ),
  [
    'node events of 2 s in every 10 lost',
    loseSpans(...Array.from({ length: 12 }, (_, at) => [at * 10_000 + 8_000, at * 10_000 + 10_000] as const)),
  ],
  ['no PROCTITLE', withoutTypes('PROCTITLE')],
  ['no CWD', withoutTypes('CWD')],
  ['no PATH', withoutTypes('PATH')],
  ['no EXECVE continuation', withoutContinuations],
  ['no EXECVE', withoutTypes('EXECVE')],
  ['nothing but SYSCALL and EXECVE', eachLine((line) => (/type=(?:SYSCALL|EXECVE) /.test(line) ? line : null))],
  ['no terminals', eachLine((line) => line.replace(/\btty=\S+/, 'tty=(none)'))],
  ['one device for everything', eachLine((line) => line.replace(/\bdev=\S+/, 'dev=fd:01'))],
  ...[-120_000, -60_000, -10_000, -3_000, -1_000, -300, 300, 1_000, 3_000, 10_000, 60_000, 120_000].map(
    (ms) => [`node clock off by ${ms} ms`, skewed(() => ms)] as const,
  ),
  ...[0.001, 0.01, -0.01].map(
    (rate) => [`node clock drifting by ${rate * 1000} ms a second`, skewed((since) => since * rate)] as const,
  ),
  ['node clock set forward 3 s in the middle', skewed((since) => (since > 55_000 ? 3_000 : 0))],
  ...[-3_000, 10_000].map(
    (ms) =>
      [
        `node clock off by ${ms} ms, 10 % of node events lost`,
        both(
          loseAudit(0.1),
          skewed(() => ms),
        ),
      ] as const,
  ),
  ...[1, 10].map((ms) => [`a tick of ${ms} ms`, ticking(ms)] as const),
  ['disordered within 2 s', disordered(2_000)],
  ['twice, under two names of the node', twiceAs('k8s-node-1.example.internal')],
  ['pid_max 4096', pidMax(4096)],
  ['pid_max 1200', pidMax(1200)],
  ['pid_max 4096, 10 % of node events lost', both(pidMax(4096), loseAudit(0.1))],
  ['API at Metadata level', metadataOnly],
  ['only RequestReceived', stages('RequestReceived')],
  ['only ResponseStarted', stages('ResponseStarted')],
  ['only ResponseComplete', stages('ResponseComplete')],
  ['no RequestReceived', stages('ResponseStarted', 'ResponseComplete', 'Panic')],
  ['no ResponseComplete', stages('RequestReceived', 'ResponseStarted')],
  ['no responseStatus', withoutStatus],
  ['over WebSocket', overWebSocket],
  ['through the kubelet', throughKubelet],
  ['API times in whole seconds', writtenAs(seconds)],
  ['API times in milliseconds of another zone', writtenAs(eastern)],
  ...[300, 1_000, 3_000].map((ms) => [`up to ${ms} ms slower`, slower(ms)] as const),
  [
    'accounts of OIDC and service accounts',
    accounts((user) => (user.startsWith('system:') ? user : `oidc:${user}@例え.example`)),
  ],
  ['everybody through one account, as another', impersonating('proxy')],
  ['all accounts are one', accounts(() => 'shared')],
  ...[0, 4_000, -90_000].map((ms) => [`two nodes, the second off by ${ms} ms`, withSecondNode(ms)] as const),
  ['two nodes, the second off by 4000 ms, 10 % of both lost', both(withSecondNode(4_000), loseAudit(0.1), loseApi(0.1))],
  ['no containers, no pods', (cluster) => ({ ...cluster, containers: [], pods: [] })],
  ['no pods', (cluster) => ({ ...cluster, pods: [] })],
  ...seeds.map(
    (seed) =>
      [
        `no containers, no pods, 14 % of node events lost, ${seed}`,
        both((cluster) => ({ ...cluster, containers: [], pods: [] }), loseAudit(0.14, seed)),
      ] as const,
  ),
  ...seeds.map(
    (seed) =>
      [
        `no pods, 14 % of node events lost, ${seed}`,
        both((cluster) => ({ ...cluster, pods: [] }), loseAudit(0.14, seed)),
      ] as const,
  ),
]

const recorded = recordedCluster()
const percent = (share: number): string => `${(share * 100).toFixed(1)}`
let bad = 0
for (const [name, variant] of VARIANTS) {
  if (!name.includes(only)) continue
  const cluster = variant(recorded)
  const told = tell(cluster).sessions
  const left = leftToTell(cluster)
  const score = scoreAgainstTruth(told, left)
  const faults = score.wrongNames.length + score.overclaimed.length + score.foreign.length
  bad += faults
  console.log(
    [
      faults > 0 ? 'BAD' : 'ok ',
      `wrong ${score.wrongNames.length} overclaimed ${score.overclaimed.length} foreign ${score.foreign.length}`,
      `matched ${percent(score.matched)} twins ${percent(score.twins)} commands ${percent(score.commands)} loose ${percent(score.loose)}`,
      `ambiguous ${percent(score.ambiguousFlagged)} sessions ${told.length}`,
      name,
    ].join(' | '),
  )
  for (const [kind, serials] of Object.entries({ wrong: score.wrongNames, over: score.overclaimed, foreign: score.foreign }))
    if (serials.length > 0) console.log(`      ${kind}: ${serials.slice(0, 8).join(' ')}`)
}
process.exitCode = bad > 0 ? 1 : 0
