/** A name or value of the query, and where it stands. */
export interface Word {
  readonly text: string
  readonly offset: number
  readonly quoted: boolean
}

/** The search part of an SLS query. */
export type Search =
  | { readonly type: 'all' }
  | { readonly type: 'and' | 'or'; readonly items: readonly Search[] }
  | { readonly type: 'not'; readonly item: Search }
  | { readonly type: 'term'; readonly key?: Word; readonly value: Word; readonly phrase: boolean }
  | { readonly type: 'compare'; readonly key: Word; readonly operator: Comparison; readonly value: string }
  | { readonly type: 'range'; readonly key: Word; readonly low: Bound; readonly high: Bound }

export type Comparison = '>' | '>=' | '<' | '<=' | '=' | '!='
export interface Bound {
  readonly value: string
  readonly inclusive: boolean
}
