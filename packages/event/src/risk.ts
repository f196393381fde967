import { state } from './statements.ts'
import type { Risk } from './words.ts'

/** A risk with the sentence that explains it. */
export interface Assessment {
  readonly risk: Risk
  readonly reason: string
}

/**
 * The programs of the ACK container-audit alert "进入容器后执行风险程序", in its order.
 * Source: Alibaba Cloud Container Service documentation, container operation audit, step 4.
 */
export const RISKY_PROGRAMS: readonly string[] =
  'rm sudo su nsenter curl wget yum apt-get apt apk dpkg nc ncat ssh scp nmap docker crictl nerdctl podman kubectl helm mysql redis psql redis-cli pip npm gem'.split(
    ' ',
  )

const LOOK_AROUND = new Set('id whoami env printenv ps uname hostname ifconfig ip netstat ss mount df last w who'.split(' '))
const HOST_TOOLS = new Set('docker crictl nerdctl ctr runc podman kubelet'.split(' '))
const ESCAPES = new Set(['nsenter', 'chroot', 'unshare'])
const SECRET_PATHS = [
  /\/var\/run\/secrets\/|\/run\/secrets\//,
  /\/etc\/(shadow|gshadow|sudoers)\b/,
  /\/\.(ssh|kube|aws|docker)\//,
  /\/etc\/kubernetes\//,
]
const AUDIT_TAMPERING = [/\bauditctl\b.*\s-(D|e\s*0)\b/, /\/etc\/audit\b/, /\/var\/log\/audit\b/]
const RISKY = new Set(RISKY_PROGRAMS)

/**
 * Rates one command by its words alone; the caller raises it for what only context tells
 * (a command on the host, an entry without API record).
 *
 * @param name The name the program was invoked by.
 * @param argv Its arguments, argv[0] included.
 */
export function assessCommand(name: string, argv: readonly string[]): Assessment {
  const line = argv.join(' ')
  if (AUDIT_TAMPERING.some((pattern) => pattern.test(line)) && name !== 'ls')
    return { risk: 'critical', reason: state('touchesAudit') }
  if (ESCAPES.has(name)) return { risk: 'critical', reason: state('leavesContainer', { name }) }
  if (HOST_TOOLS.has(name)) return { risk: 'high', reason: state('controlsContainers', { name }) }
  if (SECRET_PATHS.some((pattern) => pattern.test(line))) return { risk: 'high', reason: state('namesSecrets') }
  if (RISKY.has(name)) return { risk: 'medium', reason: state('riskyProgram', { name, n: RISKY_PROGRAMS.length }) }
  if (LOOK_AROUND.has(name)) return { risk: 'low', reason: state('looksAround', { name }) }
  return { risk: 'report', reason: '' }
}
