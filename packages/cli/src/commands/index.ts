import type { AddCommand } from '../add-command.ts'
import { agent } from './agent.ts'
import { alerts } from './alerts.ts'
import { apiserver } from './apiserver.ts'
import { auditRules } from './audit-rules.ts'
import { authority } from './authority.ts'
import { backup } from './backup.ts'
import { channels } from './channels.ts'
import { decode } from './decode.ts'
import { demo } from './demo.ts'
import { doctor } from './doctor.ts'
import { evidence } from './evidence.ts'
import { explain } from './explain.ts'
import { exportFiles } from './export.ts'
import { identities } from './identities.ts'
import { importFiles } from './import.ts'
import { manifestsCommand } from './manifests.ts'
import { node } from './node.ts'
import { policy } from './policy.ts'
import { query } from './query.ts'
import { retention } from './retention.ts'
import { rules } from './rules.ts'
import { serveData } from './serve.ts'
import { sessions } from './sessions.ts'
import { snippets } from './snippets.ts'
import { storeCommand } from './store.ts'
import { tail } from './tail.ts'
import { tokens } from './tokens.ts'
import { users } from './users.ts'
import { verify } from './verify.ts'
import { version } from './version.ts'

/** Every command, in the order that `help` lists them. */
export const commands: readonly AddCommand[] = [
  demo,
  serveData,
  agent,
  importFiles,
  exportFiles,
  sessions,
  tail,
  query,
  rules,
  alerts,
  channels,
  identities,
  decode,
  auditRules,
  policy,
  node,
  manifestsCommand,
  users,
  tokens,
  authority,
  apiserver,
  snippets,
  storeCommand,
  retention,
  backup,
  verify,
  evidence,
  doctor,
  explain,
  version,
]
