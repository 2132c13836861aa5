/** What a look at an inbox comes to. */
export interface Looked {
  readonly output: string
  /** Nobody has to do anything. */
  readonly isFine: boolean
}
