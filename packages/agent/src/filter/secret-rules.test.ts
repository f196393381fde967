import { expect, it } from 'vitest'
import { Redactor } from './redactor.ts'
import { SECRET_RULES } from './secret-rules.ts'

const redactor = new Redactor({ rules: SECRET_RULES, missing: [] })
/** S3CRET stands for the secret of a row. */
const SECRET = /S3CRET/

it.each([
  ['app', '--password', 'S3CRET'],
  ['app', '--password=S3CRET', '--verbose'],
  ['app', '--db-password', 'S3CRET'],
  ['app', '-token', 'S3CRET'],
  ['app', '--api-key=S3CRET'],
  ['aws', 'configure', 'set', '--secret-access-key', 'S3CRET'],
  ['env', 'DB_PASSWORD=S3CRET', 'run'],
  ['sh', '-c', 'export GITHUB_TOKEN=S3CRET; make'],
  ['sh', '-c', 'PGPASSWORD="S3CRET with blanks" psql -h db'],
  ['git', 'clone', 'https://user:S3CRET@example.org/a.git'],
  ['psql', 'postgresql://app:S3CRET@db:5432/x'],
  ['curl', '-u', 'admin:S3CRET', 'https://example.org'],
  ['curl', '-s', '--user=admin:S3CRET', 'https://example.org'],
  ['/usr/bin/curl', '-uadmin:S3CRET', 'https://example.org'],
  ['curl', '-H', 'Authorization: Bearer S3CRET', 'https://example.org'],
  ['curl', '-H', 'Authorization: Basic S3CRET=='],
  ['curl', '-H', 'X-Vault-Token: S3CRET'],
  ['curl', '-H', 'Cookie: session=S3CRET; other=S3CRET'],
  ['mysql', '-uroot', '-pS3CRET', 'db'],
  ['sh', '-c', 'mysqldump --all-databases -pS3CRET > x'],
  ['sshpass', '-p', 'S3CRET', 'ssh', 'host'],
  ['redis-cli', '-h', 'r', '-a', 'S3CRET', 'ping'],
  ['docker', 'login', '-u', 'me', '-p', 'S3CRET', 'registry'],
  ['echo', 'eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJTM0NSRVQifQ.S3CRET'],
  ['echo', '-----BEGIN RSA PRIVATE KEY-----\nS3CRET\n-----END RSA PRIVATE KEY-----'],
])('hides the secret of %s %s %s', (...words) => {
  const hidden = redactor.words(words)
  expect(hidden).toHaveLength(words.length)
  expect(hidden.join(' ')).not.toMatch(SECRET)
  expect(hidden[0]).toBe(words[0])
  expect(hidden.map((word) => word.length)).toEqual(words.map((word) => word.length))
})

it.each([
  [['ls', '-l', '/etc/passwd']],
  [['app', '--token-file', '/run/secrets/token']],
  [['mysql', '-p', '-uroot', 'db']],
  [['ssh', '-p', '2222', 'host']],
  [['cat', '/var/run/secrets/kubernetes.io/serviceaccount/token']],
  [['git', 'clone', 'https://example.org/a.git']],
  [['ps', '-ef', '--no-headers']],
])('leaves %j as it is', (words) => {
  expect(redactor.words(words)).toEqual(words)
})

it('takes no time over long command lines that are made for it', () => {
  for (const piece of [
    'mysql ',
    'curl -u ',
    'a://',
    '--password',
    'cookie: a; ',
    '-----BEGIN PRIVATE KEY-----',
    'login ',
    'x_token',
  ]) {
    const hidden = redactor.words(['sh', '-c', piece.repeat(200_000 / piece.length)])
    expect(hidden).toHaveLength(3)
  }
})
