/** Filters over conversations: the language that views, searches and counts are written in. */
export {
  attributeOf,
  filterAttributes,
  isFilterableInViews,
  operatorsOf,
  propertyAttribute,
  propertyName,
  type Attribute,
  type AttributeType,
} from './attributes.js'
export { decodeFilter, type InvalidFilter } from './codec.js'
export { conditionText } from './condition-text.js'
export { dayAt, spanOf, startOfDay } from './days.js'
export { importFlatFilter, type FlatIds } from './flat-import.js'
export { parseSearchText, type InvalidSearchText } from './parse-text.js'
export { printSearchText } from './print-text.js'
export { filterOfText, type SearchText, type Term } from './search-text.js'
export {
  conditionsOf,
  dependsOnViewerOrTime,
  filterBounds,
  type Ago,
  type Condition,
  type ConversationFilter,
  type Operator,
  type Value,
} from './types.js'
