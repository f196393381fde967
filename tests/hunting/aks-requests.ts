import type { ApiRequest } from './recording.ts'

export const done = (requests: readonly ApiRequest[]): ApiRequest[] =>
  requests.filter(({ stage }) => stage === 'ResponseComplete')
export const who = ({ user }: ApiRequest): string => user.username
export const code = ({ responseStatus }: ApiRequest): number => responseStatus?.code ?? 0
export const resource = ({ objectRef }: ApiRequest): string => objectRef?.resource ?? ''
export const isExec = ({ objectRef }: ApiRequest): boolean => objectRef?.resource === 'pods' && objectRef.subresource === 'exec'
export const isPerson = (request: ApiRequest): boolean => !who(request).startsWith('system:')
export const isNewPod = (one: ApiRequest): boolean =>
  one.verb === 'create' && resource(one) === 'pods' && one.objectRef?.subresource === undefined && one.requestObject !== undefined
/** The minute of the table's time, which is that of the stage. */
export const stageMinute = ({ stageTimestamp }: ApiRequest): string => stageTimestamp.slice(0, 16)
