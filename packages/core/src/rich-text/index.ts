export { htmlOfText, textOfHtml } from './html-text.js'
export { escaped, Insert, insertHtml, insertKinds, insertText, unplacedInserts } from './inserts.js'
export { safeHtml, type Sanitising } from './sanitise.js'
