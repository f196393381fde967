/** What was found out, to be put into the query: ` : (a:long, b:string)` at an offset. */
export interface FoundSchema {
  readonly at: number
  readonly schema: string
}
