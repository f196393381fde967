import { type Static, Type } from 'typebox'
import { AccessConfig } from '../../access/access-config.ts'
import { FACILITIES, SEVERITIES } from '../syslog/parse-syslog.ts'

const words = <Word extends string>(list: readonly Word[]) => Type.Unsafe<Word>({ type: 'string', enum: [...list] })
const Address = Type.String({
  pattern: '^(\\[[0-9a-fA-F:]+\\]|[^:\\[\\]\\s]*):\\d{1,5}$',
  description: 'Host and port: `0.0.0.0:7273`.',
})
const Cluster = Type.String({ minLength: 1, maxLength: 253 })
const only = { additionalProperties: false }

/** The configuration file of `podwitness serve`: who may sign in, what comes in, and from where. Unknown names are errors. */
export const ServerConfig = Type.Object(
  {
    access: Type.Optional(AccessConfig),
    intake: Type.Optional(
      Type.Object(
        {
          listen: Address,
          names: Type.Optional(Type.Array(Type.String({ minLength: 1 }), { description: 'Names that senders reach it by.' })),
        },
        only,
      ),
    ),
    apiserverLogs: Type.Optional(
      Type.Array(Type.Object({ path: Type.String({ minLength: 1 }), cluster: Cluster }, only), {
        description: 'Files of kube-apiserver log back ends, followed over rotation.',
      }),
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
