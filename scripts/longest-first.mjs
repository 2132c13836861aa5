import JestSequencer from '@jest/test-sequencer'

// Its types are those of the CommonJS build, its default export that of the other.
const Sequencer = /** @type {typeof JestSequencer.default} */ (
  /** @type {unknown} */ (JestSequencer)
)

/**
 * Files that take many seconds, the longest first. Jest knows how long each took only where it ran
 * before; in a fresh clone one of these would begin when all others have ended.
 */
const LONGEST = [
  'packages/email/test/corpus.store.test.ts',
  'packages/cli/test/command.store.test.ts',
  'packages/postgres/test/conformance.store.test.ts',
  'packages/eventstoredb/test/conformance.store.test.ts',
  'packages/sqlite/test/conformance.store.test.ts',
  'test/rebuild.store.test.ts',
  'test/soak.store.test.ts',
  'packages/cli/test/stores.store.test.ts',
  'packages/email/test/sending-killed.store.test.ts',
  'test/front-door.store.test.ts',
  'test/leases.store.test.ts',
  'packages/email/test/memory.store.test.ts',
  'test/view-counts.store.test.ts',
  'packages/eventstoredb/test/subscribe-faults.store.test.ts',
]

/** @param {{ readonly path: string }} test */
const rank = ({ path }) => {
  const place = LONGEST.findIndex((file) => path.endsWith(file))
  return place === -1 ? LONGEST.length : place
}

export default class LongestFirst extends Sequencer {
  /**
   * @override
   * @param {Parameters<JestSequencer.default['sort']>[0]} tests
   */
  async sort(tests) {
    return [...(await super.sort(tests))].sort((one, other) => rank(one) - rank(other))
  }
}
