/** A port in memory, for tests and examples: it keeps what it is given, or does as it is told. */
import * as E from 'fp-ts/lib/Either.js'
import type { Delivery, NotHandedOver, Outgoing, Route } from '../delivery/port.js'

export interface InMemoryDelivery extends Delivery {
  /** What it took, in that order. */
  readonly taken: readonly Outgoing[]
  /** How often it was asked. */
  readonly asked: () => number
  /** How it answers from now on; `dies` takes what it is given, and throws. */
  readonly behave: (as: 'asUsual' | 'dies' | NotHandedOver) => void
}

const everything: readonly Route[] = ['email', 'chat', 'messenger', 'form', 'call', 'notification']

export const inMemoryDelivery = (routes: readonly Route[] = everything): InMemoryDelivery => {
  const taken: Outgoing[] = []
  let behaviour: Parameters<InMemoryDelivery['behave']>[0] = 'asUsual'
  let asked = 0
  return {
    routes,
    taken,
    asked: () => asked,
    behave: (as) => {
      behaviour = as
    },
    deliver: (outgoing) => () => {
      asked++
      if (typeof behaviour === 'object') return Promise.resolve(E.left(behaviour))
      taken.push(outgoing)
      return behaviour === 'dies'
        ? Promise.reject(new Error('it died'))
        : Promise.resolve(E.right({ providerId: `taken-${String(taken.length)}` }))
    },
  }
}
