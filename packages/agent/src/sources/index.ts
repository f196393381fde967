import type { SourceConfig } from '../agent-config.ts'
import type { Source } from '../source.ts'
import { auditLog } from './audit-log.ts'
import { auditSocket } from './audit-socket.ts'
import { journal } from './journal.ts'
import { standardInput } from './standard-input.ts'
import { syslog } from './syslog.ts'
import type { TailPosition } from './tail-position.ts'

/** What sources need of the agent. */
export interface SourceContext {
  readonly position: TailPosition
  /** When the last event before the restart was; 0 unknown. */
  readonly lastEventMs: number
  input(): AsyncIterable<Uint8Array>
}

/** The source that a configuration asks for. */
export function openSource(config: SourceConfig, { position, lastEventMs, input }: SourceContext): Source {
  switch (config.type) {
    case 'auditSocket':
      return auditSocket(config)
    case 'auditLog':
      return auditLog({ ...config, position })
    case 'syslog':
      return syslog(config)
    case 'journald':
      return journal({ sinceMs: lastEventMs, directory: config.directory })
    case 'stdin':
      return standardInput(input)
  }
}
