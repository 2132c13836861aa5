export type {
  EntryPlace,
  NewerSearchIndex,
  SearchChange,
  SearchEntry,
  SearchHit,
  SearchedLog,
  SearchIndex,
  SearchQuery,
} from './search-index.js'
export {
  distinctTokens,
  indexedText,
  needleOf,
  phraseTerm,
  placeInText,
  tokensOf,
  wordTerm,
  type SearchTerm,
} from './tokens.js'
