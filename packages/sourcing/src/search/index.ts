export type {
  EntryPlace,
  HitWeight,
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
  weightFrom,
  wordTerm,
  type SearchTerm,
} from './tokens.js'
