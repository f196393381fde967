import { expect, it } from 'vitest'
import { checkConfig } from './read-config.ts'

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
