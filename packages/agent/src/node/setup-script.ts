import { parseRules } from '@podwitness/audit'
import { parseAuditVersion } from './audit-version.ts'
import type { DesiredFile, DesiredState } from './desired-state.ts'
import { shellWord } from './machine.ts'
import { MARK } from './own-file.ts'
import { pluginTextFor } from './plugin-file.ts'
import { ruleWords } from './rule-words.ts'

/** Versions whose plugin files differ: pattern of the shell for the number, and one version of each. */
const VERSIONS: readonly (readonly [string, string])[] = [
  ['2.*', '2.8.5'],
  ['3.0|3.0.*|3.1|3.1.0', '3.0.9'],
  ['3.*|4.0|4.0.[0-3]', '3.1.2'],
  ['*', '4.1.0'],
]

/**
 * A script for POSIX shells that does once what `apply` does: for the first boot of a machine, or by hand where podwitness is
 * not wanted on the node. It can be run again. It does not follow later changes.
 */
export function setupScript({ files }: DesiredState): string {
  const rules = files.filter(({ kind }) => kind === 'rules')
  const plugins = files.filter(({ kind }) => kind === 'plugin')
  return [
    START,
    ...rules.map(ruleFile),
    LOAD,
    ...rules.flatMap(ruleLines),
    ...(plugins.length > 0 ? [PLUGINS, ...plugins.map(pluginFile), RELOAD] : []),
    END,
  ].join('\n')
}

const START = `#!/bin/sh
# Sets up auditing on this node: written by \`podwitness node script\`. It can be run again.
set -eu
export LC_ALL=C DEBIAN_FRONTEND=noninteractive
fail() { echo "podwitness: $*" >&2; exit 1; }
put() { umask 027; mkdir -p "$(dirname "$1")"; cat > "$1.podwitness"; mv "$1.podwitness" "$1"; }
[ "$(id -u)" = 0 ] || fail "run as root"

if ! command -v auditctl > /dev/null; then
  if command -v apt-get > /dev/null; then apt-get update -q && apt-get install -yq --no-install-recommends auditd
  elif command -v tdnf > /dev/null; then tdnf install -y audit
  elif command -v dnf > /dev/null; then dnf install -y audit
  elif command -v yum > /dev/null; then yum install -y audit
  elif command -v zypper > /dev/null; then zypper --non-interactive install audit
  else fail "no package tool found: install auditd first"
  fi
fi
`

const LOAD = `
if [ "$(auditctl -s | sed -n 's/^pid //p')" = 0 ]; then
  if [ -d /run/systemd/system ]; then systemctl enable auditd && systemctl start auditd; else auditd; fi
fi
if [ "$(auditctl -s | sed -n 's/^enabled //p')" = 2 ]; then
  echo "podwitness: the kernel has locked its rules; the files are in force after the next boot" >&2
  exit 0
fi
[ "$(auditctl -s | sed -n 's/^backlog_limit //p')" -ge 8192 ] || auditctl -b 8192 > /dev/null
auditctl -e 1 > /dev/null

# A rule that is there already is refused with "Rule exists": that too proves that the kernel holds it.
rule() {
  if said=$(auditctl "$@" 2>&1); then return; fi
  case $said in *"Rule exists"*) ;; *) fail "$*: $said" ;; esac
}
`

const PLUGINS = `
version=$(auditctl -v | sed 's/[^0-9]*//')
case $version in 2.*) plugins=/etc/audisp/plugins.d ;; *) plugins=/etc/audit/plugins.d ;; esac
`

const RELOAD = `kill -HUP "$(auditctl -s | sed -n 's/^pid //p')"
`

const END = `echo "podwitness: auditing is set up" >&2
`

function ruleFile({ name, text }: DesiredFile): string {
  return `put ${shellWord(`/etc/audit/rules.d/${name}`)} ${hereDocument(text)}`
}

function ruleLines({ text }: DesiredFile): string[] {
  return parseRules(text).statements.flatMap((statement) => {
    if (statement.kind === 'rule') return [`rule ${ruleWords(statement.text).map(shellWord).join(' ')}`]
    return ['-b', '-f', '-r', '--backlog_wait_time'].includes(statement.option)
      ? [`auditctl ${statement.option} ${shellWord(statement.value)} > /dev/null`]
      : []
  })
}

function pluginFile({ name, text }: DesiredFile): string {
  const branches = VERSIONS.map(([pattern, version]) => {
    return `${pattern}) put "$plugins/"${shellWord(name)} ${hereDocument(pluginTextFor(text, parseAuditVersion(version)))}  ;;`
  })
  return `case $version in\n${branches.join('\n')}\nesac`
}

/** Text for a command's standard input, untouched by the shell. */
function hereDocument(text: string): string {
  let end = 'PODWITNESS'
  while (text.split('\n').includes(end)) end += '_'
  return `<<'${end}'\n${MARK}\n${text.replace(/\n*$/, '\n')}${end}\n`
}
