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
  occurrences,
  phraseTerm,
  placeInText,
  tokensOf,
  weightFrom,
  wordCount,
  wordTerm,
  type SearchTerm,
} from './tokens.js'
