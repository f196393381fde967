import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { PRESETS } from '@podwitness/kube'
import { Authority, pkiFolder, TokenStore } from '@podwitness/server'
import { Option } from 'commander'
import type { AddCommand } from '../add-command.ts'
import { checkFlags, readStart } from '../apiserver/check-flags.ts'
import { checkPolicy } from '../apiserver/check-policy.ts'
import { checkWebhook, webhookAddress } from '../apiserver/check-webhook.ts'
import { DISTROS } from '../apiserver/distro.ts'
import { apiserverFlags, webhookFile } from '../apiserver/webhook-file.ts'
import { type Context, dataFolder } from '../context.ts'
import { readText } from '../read-text.ts'
import { tableLines } from '../text/text-table.ts'

interface PlanFlags {
  readonly distro: string
  readonly server: string
  readonly cluster: string
  readonly preset: string
  readonly out?: string
}

interface CheckFlags {
  readonly json?: boolean
  readonly manifest?: string
  readonly policy?: string
}

const COLUMNS = [{ title: 'CHECK' }, { title: 'RESULT' }, { title: 'FOUND' }] as const

/** `podwitness apiserver plan|check`: makes a kube-apiserver send its audit events, and finds out why it does not. */
export const apiserver: AddCommand = (program, run) => {
  const group = program.command('apiserver').description("connect a kube-apiserver's audit log")
  group
    .command('plan')
    .description('policy, webhook file, flags and mounts for a cluster; makes a token for it')
    .addOption(
      new Option('--distro <name>', 'how the cluster was made').choices(DISTROS.map(({ name }) => name)).default('kubeadm'),
    )
    .requiredOption('--server <url>', 'address of the intake as the API server reaches it: https://witness.example:7273')
    .option('--cluster <id>', 'name of the cluster', 'default')
    .addOption(new Option('--preset <name>', 'audit policy').choices(PRESETS.map(({ name }) => name)).default('entries'))
    .option('--out <folder>', 'write policy.yaml and webhook.yaml there instead of printing them')
    .action((flags: PlanFlags, command) => run(command, (context) => plan(context, flags)))
  group
    .command('check')
    .description('send an empty list as the API server would; run it on a control plane node')
    .argument('<webhook file>', 'as in --audit-webhook-config-file')
    .option('--manifest <file>', 'how it is started too: kube-apiserver.yaml of a static pod, or config.yaml of K3s and RKE2')
    .option('--policy <file>', 'what it logs too: as in --audit-policy-file')
    .option('--json', 'NDJSON, one check a line')
    .action((path: string, flags: CheckFlags, command) => run(command, (context) => check(context, path, flags)))
}

async function plan(context: Context, { distro: name, server, cluster, preset, out }: PlanFlags): Promise<void> {
  const { terminal, hint } = context
  const distro = DISTROS.find((one) => one.name === name)
  if (distro === undefined) return
  const text = distro.apply(apiserverFlags(distro.folder, distro.logs), distro)
  if (distro.name === 'managed') return terminal.write(`${text}\n`)
  const folders = pkiFolder(dataFolder(context))
  const authority = await Authority.open(folders.authority)
  const wanted = { kind: 'apiserver', cluster, name: `kube-apiserver of ${cluster}` } as const
  const { text: token, fact } = new TokenStore(folders.tokens).create(wanted, authority.fingerprint)
  const webhook = webhookFile({ server: server.replace(/\/+$/, ''), cluster, ca: authority.certificate, token })
  const policy = PRESETS.find((one) => one.name === preset)?.yaml ?? ''
  if (out === undefined) {
    await terminal.write(
      `# --- ${distro.folder}/policy.yaml\n${policy}\n# --- ${distro.folder}/webhook.yaml (holds a token: mode 0600)\n${webhook}\n# --- ${distro.title}\n${text}\n`,
    )
  } else {
    mkdirSync(out, { recursive: true, mode: 0o700 })
    writeFileSync(join(out, 'policy.yaml'), policy)
    writeFileSync(join(out, 'webhook.yaml'), webhook, { mode: 0o600 })
    await terminal.write(`${text}\n`)
    hint(`policy.yaml and webhook.yaml are in ${out}; copy them to ${distro.folder} on every control plane node`)
  }
  hint(`token ${fact.id} was made for it; \`podwitness tokens revoke ${fact.id}\` takes it back`)
}

async function check(context: Context, path: string, { json, manifest, policy }: CheckFlags): Promise<void> {
  const { text } = await readText(context, path, 'a webhook file')
  const results = [...(await checkWebhook(text))]
  if (manifest !== undefined) {
    const start = readStart((await readText(context, manifest, 'a manifest')).text)
    if (start !== null) results.push(...checkFlags(start, webhookAddress(text)))
    else results.push({ what: 'manifest', ok: false, found: 'It starts no kube-apiserver.' })
  }
  if (policy !== undefined) results.push(...checkPolicy((await readText(context, policy, 'an audit policy')).text))
  const { terminal } = context
  if (json === true) for (const result of results) await terminal.write(`${JSON.stringify(result)}\n`)
  else {
    const rows = results.map(({ what, ok, found }) => [what, ok ? 'ok' : 'WRONG', found])
    await terminal.write(`${tableLines(COLUMNS, rows).join('\n')}\n`)
  }
  if (results.some(({ ok }) => !ok)) context.exit = 1
}
