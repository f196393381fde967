import { type Static, Type } from 'typebox'
import { AccessConfig } from '../../access/access-config.ts'
import { FACILITIES, SEVERITIES } from '../syslog/parse-syslog.ts'

const words = <Word extends string>(list: readonly Word[]) => Type.Unsafe<Word>({ type: 'string', enum: [...list] })
const Address = Type.String({
  pattern: '^(\\[[0-9a-fA-F:]+\\]|[^:\\[\\]\\s]*):\\d{1,5}$',
  description: 'Host and port: `0.0.0.0:7273`.',
})
const Cluster = Type.String({ minLength: 1, maxLength: 253 })
const Days = Type.Integer({ minimum: 1, maximum: 36_500 })
const only = { additionalProperties: false }

const Count = (description: string) => Type.Optional(Type.Integer({ minimum: 1, maximum: 1_000_000, description }))
const File = (description: string) => Type.Optional(Type.String({ minLength: 1, description }))

const PageConfig = Type.Object(
  {
    listen: Type.Optional(Address),
    allowHosts: Type.Optional(
      Type.Array(Type.String({ minLength: 1 }), { description: 'Further names it is asked for by, for example behind a proxy.' }),
    ),
    allowPlainHttp: Type.Optional(
      Type.Boolean({ description: 'Listen beyond this machine although the connection is not encrypted.' }),
    ),
    tlsCertFile: File('HTTPS with this certificate chain, in PEM; read again when it changes.'),
    tlsKeyFile: File('Its private key, in PEM.'),
  },
  { ...only, description: 'The page and the HTTP API.' },
)

const LimitsConfig = Type.Object(
  {
    connections: Count('Connections at a time. 20000 where absent.'),
    connectionsPerAddress: Count('Of one address, without those that have shown a certificate or token. 256 where absent.'),
    requestsPerSecond: Count('Of one certificate or token; ten times as many at once. 200 where absent.'),
    strangersPerSecond: Count('Of one address that shows neither; ten times as many at once. 50 where absent.'),
  },
  { ...only, description: 'How much may come at once.' },
)

/** The configuration file of `podwitness serve`: who may sign in, what comes in, and from where. Unknown names are errors. */
export const ServerConfig = Type.Object(
  {
    access: Type.Optional(AccessConfig),
    page: Type.Optional(PageConfig),
    log: Type.Optional(
      Type.Object(
        { format: Type.Optional(words(['text', 'json'])) },
        { ...only, description: 'What the server says on standard error; `json` is one object a line.' },
      ),
    ),
    intake: Type.Optional(
      Type.Object(
        {
          listen: Address,
          names: Type.Optional(
            Type.Array(Type.String({ minLength: 1 }), { description: 'Names that senders reach it by, for its certificate.' }),
          ),
          limits: Type.Optional(LimitsConfig),
        },
        only,
      ),
    ),
    retention: Type.Optional(
      Type.Object(
        {
          events: Type.Optional(Days),
          ...{ api: Type.Optional(Days), files: Type.Optional(Days), network: Type.Optional(Days), logs: Type.Optional(Days) },
          ...{
            sessions: Type.Optional(Days),
            samples: Type.Optional(Days),
            health: Type.Optional(Days),
            alerts: Type.Optional(Days),
          },
        },
        {
          ...only,
          description:
            'Days that data is kept, by stream, counted from its arrival; 180 where nothing is said. Of events, `api`, `files`, `network` and `logs` may differ from `events`.',
        },
      ),
    ),
    disk: Type.Optional(
      Type.Object(
        {
          refuseBelowBytes: Type.Optional(
            Type.Integer({ minimum: 0, description: 'Free space below which nothing is taken in. 512 MiB where absent.' }),
          ),
          warnBelowBytes: Type.Optional(
            Type.Integer({ minimum: 0, description: 'Free space below which there is a finding. 5 GiB where absent.' }),
          ),
        },
        only,
      ),
    ),
    apiserverLogs: Type.Optional(
      Type.Array(Type.Object({ path: Type.String({ minLength: 1 }), cluster: Cluster }, only), {
        description: 'Files of kube-apiserver log back ends, followed over rotation.',
      }),
    ),
    fluentForward: Type.Optional(
      Type.Array(
        Type.Object(
          {
            listen: Address,
            transport: words(['tcp', 'tls']),
            cluster: Cluster,
            allowPlain: Type.Optional(
              Type.Boolean({ description: 'TCP is not encrypted: wanted beyond this machine it has to be confirmed.' }),
            ),
            sharedKeyFile: Type.Optional(
              Type.String({ minLength: 1, description: 'File with the key that senders must know; needed beyond this machine.' }),
            ),
          },
          only,
        ),
        { description: "Listeners of Fluentd's forward protocol." },
      ),
    ),
    syslog: Type.Optional(
      Type.Array(
        Type.Object(
          {
            listen: Address,
            transport: words(['udp', 'tcp', 'tls']),
            cluster: Cluster,
            allowPlain: Type.Optional(
              Type.Boolean({
                description: 'UDP and TCP are not encrypted: wanted beyond this machine they have to be confirmed.',
              }),
            ),
            facilities: Type.Optional(
              Type.Unsafe<Readonly<Record<string, string>>>({
                type: 'object',
                additionalProperties: false,
                properties: Object.fromEntries(FACILITIES.map((name) => [name, { type: 'string', enum: [...SEVERITIES] }])),
                description: 'Least severity taken, by facility. `authpriv: info` where absent.',
              }),
            ),
          },
          only,
        ),
      ),
    ),
  },
  only,
)
export type ServerConfig = Static<typeof ServerConfig>
