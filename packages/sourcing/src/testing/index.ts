/** For tests of projections and the like: events as a store holds them, without a store. */
export { sealData, type Key } from '../sealed.js'
