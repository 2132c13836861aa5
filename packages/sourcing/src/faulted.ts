/**
 * Carries a fault (data) out of the middle of a transaction's work to `transact`, which answers
 * with the fault; nobody else sees it thrown.
 */
export class Faulted<
  F extends { readonly type: string } = { readonly type: string },
> extends Error {
  readonly fault: F
  constructor(fault: F) {
    super(fault.type)
    this.fault = fault
  }
}
