/**
 * Jest's own runtime, but that a module is compiled once in a process, and not once more for each test
 * file that loads it: a script belongs to no context until it runs in one.
 */
const { Script } = require('node:vm')
const { default: JestRuntime } = require('jest-runtime')

/** @type {Map<string, { readonly source: string, readonly script: Script }>} */
const compiled = new Map()

/**
 * The part of the runtime that is changed; it is none of Jest's public ones.
 *
 * @typedef {{
 *   readonly injectedModuleParameters: readonly string[]
 *   readonly environment: { getVmContext: () => import('node:vm').Context | null }
 *   compile: (source: string, filename: string) => unknown
 * }} Executor
 */

module.exports = class CompiledOnce extends JestRuntime {
  /** @param {ConstructorParameters<typeof JestRuntime>} options */
  constructor(...options) {
    super(...options)
    const executor = /** @type {{ executor: Executor }} */ (/** @type {unknown} */ (this)).executor
    const anew = executor.compile.bind(executor)
    const head = `(function (${executor.injectedModuleParameters.join(', ')}) {`
    executor.compile = (source, filename) => {
      const context = executor.environment.getVmContext()
      // What imports by itself does so through the runtime that it was compiled for.
      if (context === null || source.includes('import(')) return anew(source, filename)
      let known = compiled.get(filename)
      if (known?.source !== source) {
        try {
          const options = { filename, columnOffset: -head.length }
          known = { source, script: new Script(`${head}${source}\n})`, options) }
        } catch {
          // It tells better what is wrong.
          return anew(source, filename)
        }
        compiled.set(filename, known)
      }
      return known.script.runInContext(context)
    }
  }
}
