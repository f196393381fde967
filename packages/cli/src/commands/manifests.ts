import { DISTRIBUTIONS, type Distribution, type Facility, manifests, rulePacks, syslogPluginText } from '@podwitness/agent'
import { InvalidArgumentError, Option } from 'commander'
import type { AddCommand } from '../add-command.ts'
import type { Context } from '../context.ts'
import { collectNames, facilityOption } from '../node-request.ts'
import { readText } from '../read-text.ts'
import { UsageError } from '../usage-error.ts'

interface ManifestFlags {
  readonly namespace?: string
  readonly image: string
  readonly cluster: string
  readonly distro: Distribution
  readonly pack?: readonly string[]
  readonly syslog?: Facility | true
  readonly adopt?: string
  /** False after `--no-privileged`. */
  readonly privileged?: boolean
  readonly server?: string
  /** False after `--no-pods`. */
  readonly pods?: boolean
  readonly monitoring?: boolean
  readonly webhook?: boolean
  readonly joinTokenFile?: string
}

/** `podwitness manifests`: what a cluster needs, with a reason beside every privilege. */
export const manifestsCommand: AddCommand = (program, run) => {
  program
    .command('manifests')
    .description('print Kubernetes manifests of agent and server, with a reason beside every privilege')
    .option('--namespace <name>', 'namespace (default: podwitness; with --adopt, kube-system)', name)
    .option(
      '--image <reference>',
      'image of the agent; the server’s has -server in place of -agent',
      image,
      'podwitness-agent:latest',
    )
    .option('--cluster <name>', 'name of the cluster in sessions and reports', name, 'default')
    .addOption(new Option('--distro <kind>', 'kind of cluster').choices([...DISTRIBUTIONS]).default('generic'))
    .option('--pack <name>', 'a rule pack of the ConfigMap; may be given several times (default: procmon)', collectNames)
    .addOption(new Option('--syslog [facility]', 'records go to syslog too').argParser(facilityOption))
    .option('--adopt <what>', 'use the ConfigMaps of aks-auditd as they are', adopted)
    .option('--no-privileged', 'without the privileged init container: nodes are set up at their first boot')
    .option('--no-pods', 'the agent may not ask the API for pods: no owners, and probes look like entries')
    .option('--monitoring', 'a ServiceMonitor for the Prometheus operator')
    .option('--webhook', 'a Service for kube-apiserver’s audit webhook')
    .option('--join-token-file <file>', 'a Secret with this join token; without it, make the Secret by hand')
    .option('--server <url>', 'the intake of a server elsewhere; without it, the server is printed too', intake)
    .action((flags: ManifestFlags, command) => run(command, (context) => print(context, flags)))
}

async function print(context: Context, flags: ManifestFlags): Promise<void> {
  const packs = new Map(rulePacks().map((pack) => [pack.name, pack]))
  const chosen = (flags.pack ?? ['procmon']).map((each) => {
    const pack = packs.get(each)
    if (pack === undefined)
      throw new UsageError('PW-CL-002', {
        what: `There is no rule pack ${each}.`,
        why: `There are: ${[...packs.keys()].join(', ')}.`,
        do: 'Take one of these.',
      })
    return pack
  })
  const adopt = flags.adopt !== undefined
  const text = manifests({
    namespace: flags.namespace ?? (adopt ? 'kube-system' : 'podwitness'),
    image: flags.image,
    cluster: flags.cluster,
    distribution: flags.distro,
    packs: chosen,
    syslogPlugin: flags.syslog === undefined ? null : syslogPluginText(flags.syslog === true ? 'user' : flags.syslog),
    adoptAksAuditd: adopt,
    privilegedSetup: flags.privileged !== false,
    serverUrl: flags.server ?? null,
    askForPods: flags.pods !== false,
    monitoring: flags.monitoring === true,
    webhook: flags.webhook === true,
    joinToken:
      flags.joinTokenFile === undefined
        ? null
        : (await readText(context, flags.joinTokenFile, 'Name a file with the text of a join token.')).text.trim(),
  })
  await context.terminal.write(text)
}

/** A name as Kubernetes takes it. Source: RFC 1123, label. */
function name(text: string): string {
  if (!/^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/.test(text))
    throw new InvalidArgumentError('It has lower case letters, digits and hyphens.')
  return text
}

/** An image reference; nothing in it can end the YAML value it stands in. */
function image(text: string): string {
  if (!/^[a-z0-9][\w./:@-]*$/.test(text))
    throw new InvalidArgumentError('It is a reference like registry.example/podwitness-agent:1.0.')
  return text
}

function intake(text: string): string {
  if (!/^https:\/\/[\w.:[\]-]+\/?$/.test(text)) throw new InvalidArgumentError('It is an https address without a path.')
  return text
}

function adopted(text: string): string {
  if (text !== 'aks-auditd') throw new InvalidArgumentError('It is aks-auditd.')
  return text
}
