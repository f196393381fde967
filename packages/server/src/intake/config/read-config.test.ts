import { expect, it } from 'vitest'
import { configOptions } from './config-options.ts'
import { checkConfig, readConfig } from './read-config.ts'

it('takes what is right', () => {
  const text = `intake:
  listen: 0.0.0.0:7273
  names: [witness.example]
apiserverLogs:
  - {path: /var/log/audit.log, cluster: dev}
syslog:
  - {listen: "127.0.0.1:5514", transport: udp, cluster: dev, facilities: {authpriv: info, user: notice}}
`
  expect(checkConfig(text)).toMatchObject({ faults: [], config: { intake: { listen: '0.0.0.0:7273' } } })
  expect(checkConfig('')).toEqual({ config: {}, faults: [] })
})

it.each([
  ['intake:\n  listen: nowhere\n', [[2, 11, 'intake.listen']]],
  ['intake:\n  listen: :1\n  nmaes: [x]\n', [[3, 10, 'intake.nmaes']]],
  ['syslog:\n  - listen: 0.0.0.0:514\n    transport: udp\n    cluster: c\n', [[2, 13, 'syslog.0.listen']]],
  [
    'syslog:\n  - listen: :6514\n    transport: tls\n    cluster: c\n    facilities:\n      authpriv: loud\n',
    [[6, 17, 'syslog.0.facilities.authpriv']],
  ],
  ['intake: [\n', [[2, 1, '']]],
  ['a: &x [1]\nb: *x\n', [[1, 1, '']]],
])('places the faults of %j', (text, expected) => {
  const { config, faults } = checkConfig(text)
  expect(config).toBeNull()
  expect(faults.map(({ line, column, path }) => [line, column, path]).slice(0, 1)).toEqual(expected)
})

it('names every fault at once: of form, of safety, of files and of the environment', () => {
  const text = `intake: {listen: nowhere, nmaes: [x]}
retention: {events: 0}
page: {tlsCertFile: /nonexistent/cert.pem}
syslog:
  - {listen: "0.0.0.0:514", transport: udp, cluster: c}
fluentForward:
  - {listen: "0.0.0.0:24224", transport: tls, cluster: c, sharedKeyFile: /nonexistent/key}
`
  const env = { PODWITNESS_DISK_REFUSE_BELOW_BYTES: 'much', PODWITNESS_RETENTION_SAMPLES: '-1', PODWITNESS_LOG_FORMAT: '' }
  const { config, faults } = checkConfig(text, env)
  expect(config).toBeNull()
  expect(faults.map(({ line, column, path, env: name }) => `${name ?? `${line}:${column}`} ${path}`)).toEqual([
    'PODWITNESS_DISK_REFUSE_BELOW_BYTES disk.refuseBelowBytes',
    'PODWITNESS_RETENTION_SAMPLES retention.samples',
    '1:18 intake.listen',
    '1:34 intake.nmaes',
    '2:21 retention.events',
    '3:21 page.tlsCertFile',
    '5:14 syslog.0.listen',
    '7:74 fluentForward.0.sharedKeyFile',
  ])
  expect(() => readConfig(text, 'serve.yaml', env)).toThrow(expect.objectContaining({ code: 'PW-IN-010' }) as Error)
})

it('lets the environment go before the file, in every form', () => {
  const env = {
    PODWITNESS_INTAKE_LISTEN: '127.0.0.1:9',
    PODWITNESS_INTAKE_NAMES: 'a.example, b.example',
    PODWITNESS_RETENTION_EVENTS: '30',
    PODWITNESS_PAGE_ALLOW_PLAIN_HTTP: 'true',
    PODWITNESS_APISERVER_LOGS: '[{path: /var/log/a.log, cluster: c}]',
    PODWITNESS_ELSEWHERE: 'x',
  }
  expect(checkConfig('intake: {listen: ":1"}\nretention: {events: 7, samples: 7}', env)).toEqual({
    faults: [],
    config: {
      intake: { listen: '127.0.0.1:9', names: ['a.example', 'b.example'] },
      retention: { events: 30, samples: 7 },
      page: { allowPlainHttp: true },
      apiserverLogs: [{ path: '/var/log/a.log', cluster: 'c' }],
    },
  })
  const names = configOptions().map(({ env: name }) => name)
  expect(names).toContain('PODWITNESS_ACCESS_OIDC_CLIENT_SECRET_FILE')
  expect(new Set(names).size).toBe(names.length)
  // What commands read elsewhere must not be mistaken for an option.
  for (const taken of ['PODWITNESS_DATA', 'PODWITNESS_TOKEN']) expect(names).not.toContain(taken)
})
