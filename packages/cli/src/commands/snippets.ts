import type { AddCommand } from '../add-command.ts'

interface SnippetFlags {
  readonly host: string
  readonly port: string
  readonly ca: string
  readonly facility: string
}

/** Configuration that makes a sender ship here; each takes where to and which facility. */
const SNIPPETS: Readonly<Record<string, (flags: SnippetFlags) => string>> = {
  // Source: rsyslog.com, omfwd and its gtls stream driver; queue parameters.
  rsyslog: ({ host, port, ca, facility }) => `# /etc/rsyslog.d/60-podwitness.conf; needs the package rsyslog-gnutls
global(defaultNetstreamDriverCAFile="${ca}")
if $syslogfacility-text == "${facility}" and $syslogseverity <= 6 then action(
  type="omfwd" target="${host}" port="${port}" protocol="tcp" template="RSYSLOG_SyslogProtocol23Format" TCP_Framing="octet-counted"
  StreamDriver="gtls" StreamDriverMode="1" StreamDriverAuthMode="x509/name" StreamDriverPermittedPeers="${host}"
  queue.type="LinkedList" queue.filename="podwitness" queue.maxDiskSpace="1g" queue.saveOnShutdown="on" action.resumeRetryCount="-1"
)
`,
  // Source: syslog-ng administration guide, syslog() driver, disk-buffer().
  'syslog-ng': ({
    host,
    port,
    ca,
    facility,
  }) => `# /etc/syslog-ng/conf.d/podwitness.conf; s_src is the source of Debian's configuration
filter f_podwitness { facility(${facility}) and level(info..emerg); };
destination d_podwitness {
  syslog("${host}" port(${port}) transport("tls")
    tls(ca-file("${ca}") peer-verify(required-trusted))
    disk-buffer(reliable(yes) disk-buf-size(1073741824)));
};
log { source(s_src); filter(f_podwitness); destination(d_podwitness); };
`,
  // Source: docs.fluentbit.io, HTTP output. The port is the intake's, the token one of kind app.
  'fluent-bit': ({
    host,
    ca,
  }) => `# fluent-bit.conf: logs of applications; PODWITNESS_TOKEN comes from \`podwitness tokens create --kind app\`
[OUTPUT]
    Name              http
    Match             *
    Host              ${host}
    Port              7273
    URI               /intake/v1/logs
    Format            json_lines
    Json_date_key     time
    Json_date_format  iso8601
    Header            Authorization Bearer \${PODWITNESS_TOKEN}
    tls               On
    tls.verify        On
    tls.ca_file       ${ca}
    Retry_Limit       no_limits
`,
  // Source: opentelemetry.io, OTLP/HTTP exporter of the Collector.
  otel: ({ host, ca }) => `# Collector: PODWITNESS_TOKEN comes from \`podwitness tokens create --kind app\`
exporters:
  otlphttp/podwitness:
    logs_endpoint: https://${host}:7273/v1/logs
    headers:
      Authorization: Bearer \${env:PODWITNESS_TOKEN}
    tls:
      ca_file: ${ca}
service:
  pipelines:
    logs:
      receivers: [otlp]
      exporters: [otlphttp/podwitness]
`,
}

/** `podwitness snippets NAME`: configuration for senders that are not ours. */
export const snippets: AddCommand = (program, run) => {
  const group = program.command('snippets').description('configuration that makes other senders ship here')
  for (const [name, write] of Object.entries(SNIPPETS)) {
    group
      .command(name)
      .description(`configuration for ${name}`)
      .requiredOption('--host <name>', 'name of the server, as its certificate has it (serve --intake-name)')
      .option('--port <n>', 'port of its syslog listener with TLS', '6514')
      .option(
        '--ca <file>',
        "the authority's certificate on the sender: pki/ca.crt of the server's data folder",
        '/etc/podwitness/ca.crt',
      )
      .option('--facility <name>', 'what to ship', 'authpriv')
      .action((flags: SnippetFlags, command) => run(command, ({ terminal }) => terminal.write(write(flags))))
  }
}
