import { readFileSync } from 'node:fs'
import { createSecureContext } from 'node:tls'
import type { ServerConfig } from './server-config.ts'

/** Something wrong with a file that the configuration names. */
export interface FileFault {
  /** Option that names it. */
  readonly path: readonly string[]
  readonly message: string
}

/** Reads what the configuration names: keys, certificates and secrets have to be there before anything starts. */
export function fileFaults({ access, fluentForward = [], page = {} }: ServerConfig): FileFault[] {
  const secrets: (readonly [readonly string[], string | undefined])[] = [
    [['access', 'oidc', 'clientSecretFile'], access?.oidc?.clientSecretFile],
    ...fluentForward.map(({ sharedKeyFile }, at) => [['fluentForward', String(at), 'sharedKeyFile'], sharedKeyFile] as const),
  ]
  return [...secrets.flatMap(([path, file]) => (file === undefined ? [] : secretFault(path, file))), ...tlsFaults(page)]
}

function secretFault(path: readonly string[], file: string): FileFault[] {
  try {
    return readFileSync(file, 'utf8').trim() === '' ? [{ path, message: 'The file is empty.' }] : []
  } catch (error) {
    return [{ path, message: reasonOf(error) }]
  }
}

function tlsFaults({ tlsCertFile, tlsKeyFile }: NonNullable<ServerConfig['page']>): FileFault[] {
  if (tlsCertFile === undefined && tlsKeyFile === undefined) return []
  if (tlsCertFile === undefined || tlsKeyFile === undefined)
    return [
      {
        path: ['page', tlsCertFile === undefined ? 'tlsKeyFile' : 'tlsCertFile'],
        message: 'tlsCertFile and tlsKeyFile go together.',
      },
    ]
  const faults = [...secretFault(['page', 'tlsCertFile'], tlsCertFile), ...secretFault(['page', 'tlsKeyFile'], tlsKeyFile)]
  if (faults.length > 0) return faults
  try {
    createSecureContext({ cert: readFileSync(tlsCertFile), key: readFileSync(tlsKeyFile) })
    return []
  } catch (error) {
    return [{ path: ['page', 'tlsKeyFile'], message: `Certificate and key cannot be used: ${reasonOf(error)}` }]
  }
}

function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}
