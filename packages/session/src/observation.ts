/**
 * One Linux audit event that shows a process, reduced to what lineage needs. Every SYSCALL record
 * shows a pid and its parent; an execve also shows what the process became.
 */
export interface ProcessObservation {
  readonly eventId: string
  /** `seconds.milliseconds:serial`. */
  readonly auditSerial: string
  /** Milliseconds since the Unix epoch. auditd stamps with the kernel's coarse clock: up to 4 ms early. */
  readonly timeMs: number
  /** Serial within the boot: the order in which the kernel finished its events. */
  readonly serial: number
  readonly pid: number
  readonly ppid: number
  readonly uid: number
  /** Login uid; 4294967295 where nobody logged in. */
  readonly auid: number
  /** Terminal such as `pts0`, empty for `(none)`. Numbers are per devpts mount, so per container. */
  readonly tty: string
  readonly comm: string
  readonly exe: string
  /** Device of the executed file (PATH item 0), e.g. `00:d5`; empty where not logged. */
  readonly exeDev: string
  /** Present for a successful execve or execveat. */
  readonly exec: { readonly argv: readonly string[]; readonly cwd: string } | null
}

/** What is known of a container. Every field but the id may be empty. */
export interface ContainerFact {
  readonly containerId: string
  readonly node: string
  readonly namespace: string
  readonly pod: string
  readonly podUid: string
  readonly name: string
  readonly image: string
  readonly sandbox: boolean
  readonly labels: Readonly<Record<string, string>>
  readonly args: readonly string[]
  readonly initPid: number
  /** Milliseconds since the Unix epoch; 0 unknown. */
  readonly createdMs: number
}

/** What pairing needs of a pod object. */
export interface PodFact {
  /** When the object was read, milliseconds since the Unix epoch: of two of one name the later counts. */
  readonly observedMs?: number
  readonly namespace: string
  readonly pod: string
  readonly podUid: string
  readonly node: string
  readonly hostIp: string
  readonly labels: Readonly<Record<string, string>>
  /** Name of its RuntimeClass; empty or missing for the node's usual runtime. */
  readonly runtimeClass?: string
  /** Container that an exec without `container=` enters: the annotation's, else the first. */
  readonly defaultContainer: string
  readonly containers: readonly PodContainer[]
}

/** One container of a pod's specification. */
export interface PodContainer {
  readonly name: string
  readonly image: string
  /** Container id from the pod's status, without the runtime prefix; empty where unknown. */
  readonly containerId: string
  readonly ephemeral: boolean
  readonly stdin: boolean
  readonly probes: readonly (readonly string[])[]
  readonly hooks: readonly (readonly string[])[]
}

/** Members of a container's cgroup at a moment. */
export interface CgroupSample {
  readonly timeMs: number
  readonly containerId: string
  readonly pids: readonly number[]
}

/** One API request that is an operation on a container, its stages merged. */
export interface ContainerOperation {
  /** Deterministic, from the request's content. */
  readonly eventId: string
  readonly auditId: string
  readonly kind: 'exec' | 'attach' | 'portforward' | 'ephemeral'
  /** The account that authenticated, also when it acted as another. */
  readonly user: string
  readonly groups: readonly string[]
  readonly userExtra: string
  /** The account that `user` acted as; empty where it acted as itself. */
  readonly impersonatedUser: string
  readonly sourceIp: string
  readonly userAgent: string
  readonly namespace: string
  readonly pod: string
  readonly podUid: string
  /** Empty where the request named none. */
  readonly container: string
  readonly command: readonly string[]
  readonly stdin: boolean
  readonly stdout: boolean
  readonly stderr: boolean
  readonly tty: boolean
  /** HTTP status; 0 where no answer was recorded. */
  readonly status: number
  /** Names of the ephemeral containers that the request asked for. */
  readonly ephemeralNames: readonly string[]
  readonly receivedMs: number
  /** Stage ResponseStarted; 0 where not recorded. */
  readonly startedMs: number
  /** Stage ResponseComplete; 0 while it is not over. */
  readonly completedMs: number
  /** How much later than written all of these may have been, milliseconds: some exports keep whole seconds only. */
  readonly withinMs?: number
}
