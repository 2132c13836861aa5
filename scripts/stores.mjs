/** The stores that tests run on: all, or those that STORES names (`STORES=memory,sqlite npm test`). */

export const stores = /** @type {const} */ (['memory', 'sqlite', 'postgres', 'eventstoredb'])

/** @typedef {(typeof stores)[number]} StoreName */

const names = process.env['STORES']
  ?.split(',')
  .map((name) => name.trim())
  .filter((name) => name !== '')
const unknown = names?.find((name) => !stores.some((store) => store === name))
if (unknown !== undefined)
  throw new Error(`STORES: expected some of ${stores.join(', ')}, got ${unknown}`)

/** Nothing named: all of them. */
export const wanted = stores.filter((store) => names === undefined || names.includes(store))
