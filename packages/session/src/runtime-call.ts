import { basename } from './names.ts'

/** A low-level container runtime started to run something in a container. */
export interface RuntimeCall {
  readonly verb: 'exec' | 'create' | 'other'
  readonly containerId: string
  /** Basename of the pid file without extension: the runtime's exec id under containerd and CRI-O. */
  readonly execId: string
  /** Whether a terminal was asked for. */
  readonly terminal: boolean
  /** Command given on the command line (by hand); empty where it came in a process file. */
  readonly command: readonly string[]
}

/** OCI runtimes by the name they are invoked by. */
const RUNTIMES = /^(?:runc|crun|youki|runsc|kata-runtime|docker-runc|nvidia-container-runtime)(?:[.-].*)?$/

/** Options that take a value, of runc(8), runc-exec(8), runc-create(8), crun(1) and runsc (gVisor, pkg/shim/v1/runsccmd). */
const VALUED = new Set(
  `--root --log --log-format --criu --rootless --process -p --console-socket --pid-file --cwd --user -u --env -e --apparmor
   --cap -c --process-label --additional-gids -g --preserve-fds --cgroup --bundle -b --config -f --cgroup-manager --name --internal-pid-file --user-log`.split(
    /\s+/,
  ),
)

/** Whether a program is an OCI runtime, by the name it was invoked by. */
function isRuntime(argv0: string): boolean {
  return RUNTIMES.test(basename(argv0))
}

/** Whether this is the runtime's own first process inside the container (`runc init`), not yet the program. */
export function isRuntimeInit(argv: readonly string[]): boolean {
  return argv.length === 2 && argv[1] === 'init' && isRuntime(argv[0] ?? '')
}

/**
 * Reads the command line of an OCI runtime.
 *
 * @returns `null` where it is no runtime. Source of the grammar: runc(8), runc-exec(8), runc-create(8).
 */
export function parseRuntimeCall(argv: readonly string[]): RuntimeCall | null {
  if (!isRuntime(argv[0] ?? '')) return null
  let at = 1
  const options = new Map<string, string>()
  const readOptions = (): void => {
    for (; at < argv.length && (argv[at] ?? '').startsWith('-'); at++) {
      const [name = '', inline] = splitOnce(argv[at] ?? '')
      if (inline !== undefined) options.set(name, inline)
      else if (VALUED.has(name)) options.set(name, argv[++at] ?? '')
      else options.set(name, 'true')
    }
  }
  readOptions()
  const verb = argv[at++] ?? ''
  readOptions()
  const containerId = argv[at++] ?? ''
  const pidFile = options.get('--pid-file') ?? ''
  return {
    verb: verb === 'exec' ? 'exec' : verb === 'create' || verb === 'run' ? 'create' : 'other',
    containerId,
    execId: basename(pidFile).replace(/\.pid$/, ''),
    terminal: options.has('--console-socket') || options.has('--tty') || options.has('-t'),
    command: verb === 'exec' ? argv.slice(at) : [],
  }
}

function splitOnce(option: string): [string, string | undefined] {
  const equals = option.indexOf('=')
  return equals < 0 ? [option, undefined] : [option.slice(0, equals), option.slice(equals + 1)]
}
