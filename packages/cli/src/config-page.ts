import { configOptions } from '@podwitness/server'

/** The reference page of the configuration of `podwitness serve`, as Markdown, from its schema. */
export function configPage(): string {
  const rows = configOptions().map(
    ({ path, env, form, description }) => `| \`${path.join('.')}\` | \`${env}\` | ${form} | ${cell(description)} |`,
  )
  return `# Configuration

\`podwitness serve --config FILE\` reads one YAML file. It is checked whole before anything starts: unknown names are errors, files that it names are read, and every fault is listed at once with line and column. \`podwitness serve --config FILE --check\` does only that (exit 2 where something is wrong).

Every option outside of a list has an environment variable. It goes before the file, and what stands on the command line goes before both; an empty variable is not there. Lists of names have commas between them; \`YAML\` is taken as it would stand in the file: \`PODWITNESS_SYSLOG='[{listen: "0.0.0.0:6514", transport: tls, cluster: prod}]'\`. Secrets are always files, never values.

The file, certificates and shared keys are read again when they change (looked at every 5 s) and on SIGHUP. Taken over while connections stay: certificates of the page, retention, \`intake.limits\`, log files, syslog and forward listeners (those that stay as they are keep their connections). \`access\`, \`page\`, \`log\`, \`disk\` and the address and names of the intake take effect at the next start; the server says so. A file that is wrong changes nothing. Each reading is an administrative act (\`config-reload\`).

| option | environment | form | |
|---|---|---|---|
${rows.join('\n')}

Entries of \`syslog\`, \`fluentForward\` and \`apiserverLogs\` are described in intake.md, \`access\` in access.md.
`
}

function cell(text: string): string {
  return text.replaceAll('|', '\\|').replaceAll('\n', ' ')
}
