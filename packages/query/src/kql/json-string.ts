/** Text as JSON. The engine escapes slashes, which JSON need not and KQL does not. */
export const jsonString = (text: string): string => `replaceAll(toJSONString(${text}), '\\\\/', '/')`
