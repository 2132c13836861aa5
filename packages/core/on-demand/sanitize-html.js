/**
 * sanitize-html, loaded when HTML is first met: most programs start without, and its modules would
 * take a good part of a start. Only Node is led here (`imports` in package.json). Bundlers could not
 * follow, and are led to the library itself.
 */
import { createRequire } from 'node:module'

const load = createRequire(import.meta.url)

/** @type {typeof import('sanitize-html') | undefined} */
let sanitizeHtml

/** @type {(...given: Parameters<typeof import('sanitize-html')>) => string} */
export default (...given) => {
  sanitizeHtml ??= /** @type {typeof import('sanitize-html')} */ (load('sanitize-html'))
  return sanitizeHtml(...given)
}
