/**
 * HTML from outside as HTML that is safe to show: what is not in the list is not there. The same
 * again is the same: what was made safe stays as it is.
 */
import sanitizeHtml from '#sanitize-html'

const TAGS =
  'a abbr address article b big blockquote br caption center cite code col colgroup dd del dfn div ' +
  'dl dt em figcaption figure font footer h1 h2 h3 h4 h5 h6 header hr i img ins kbd li mark ol p ' +
  'pre q s samp section small span strike strong sub sup table tbody td tfoot th thead tr tt u ul var'

const COLOUR = [/^#[0-9a-f]{3,8}$/i, /^rgba?\([\d\s,.%]{1,40}\)$/i, /^[a-z]{3,30}$/i]
const STYLES = {
  color: COLOUR,
  'background-color': COLOUR,
  'font-weight': [/^(?:normal|bold|bolder|lighter|\d{3})$/i],
  'font-style': [/^(?:normal|italic|oblique)$/i],
  'text-decoration': [/^(?:none|underline|line-through)$/i],
  'text-align': [/^(?:left|right|center|justify|start|end)$/i],
  'white-space': [/^(?:normal|nowrap|pre|pre-wrap|pre-line)$/i],
}

/** Drawn images in a form that cannot run anything. */
const INLINE_IMAGE = /^data:image\/(?:png|gif|jpeg|webp);base64,/i
const REMOTE = /^(?:https?:)?\/\//i

/** Longer HTML is not gone through: it reads as none, and its text is there. */
const LONGEST = 2_000_000

export interface Sanitising {
  /**
   * `apart`: an image elsewhere is named in `data-src` and not in `src`, so that looking at what a
   * stranger wrote tells nobody that it was looked at.
   */
  readonly remoteImages: 'kept' | 'apart'
}

const imageOf = (
  { src = '', 'data-src': kept = '', ...attributes }: sanitizeHtml.Attributes,
  { remoteImages }: Sanitising,
): sanitizeHtml.Attributes => {
  const from = src === '' && REMOTE.test(kept) ? kept : src
  if (/^data:/i.test(from.trim()) && !INLINE_IMAGE.test(from)) return attributes
  if (from === '') return attributes
  const apart = REMOTE.test(from) && (remoteImages === 'apart' || src === '')
  return { [apart ? 'data-src' : 'src']: from, ...attributes }
}

const rules = (how: Sanitising): sanitizeHtml.IOptions => ({
  allowedTags: TAGS.split(' '),
  allowedAttributes: {
    '*': ['dir', 'lang', 'title', 'style', 'data-insert'],
    a: ['href', 'rel'],
    img: ['src', 'data-src', 'alt', 'width', 'height'],
    font: ['color', 'size', 'face'],
    ol: ['start', 'type'],
    table: ['border', 'cellpadding', 'cellspacing', 'width'],
    td: ['colspan', 'rowspan', 'align', 'valign', 'width'],
    th: ['colspan', 'rowspan', 'align', 'valign', 'width'],
    col: ['span', 'width'],
  },
  allowedStyles: { '*': STYLES },
  allowedSchemes: ['http', 'https', 'mailto', 'tel'],
  allowedSchemesByTag: { img: ['http', 'https', 'cid', 'data'] },
  allowedSchemesAppliedToAttributes: ['href', 'src', 'data-src'],
  allowProtocolRelative: false,
  nonTextTags: ['script', 'style', 'textarea', 'option', 'noscript', 'title', 'xmp'],
  nestingLimit: 100,
  transformTags: {
    a: (tagName, attribs) => ({
      tagName,
      attribs: { ...attribs, ...(attribs['href'] && { rel: 'noopener noreferrer' }) },
    }),
    img: (tagName, attribs) => ({ tagName, attribs: imageOf(attribs, how) }),
  },
})

const kept = rules({ remoteImages: 'kept' })
const apart = rules({ remoteImages: 'apart' })

/**
 * Twice, for tags that the first time leaves in each other's way (a paragraph in a paragraph) are
 * only then as they stay.
 */
export const safeHtml = (html: string, { remoteImages }: Sanitising): string => {
  if (html.length > LONGEST) return ''
  const how = remoteImages === 'kept' ? kept : apart
  return sanitizeHtml(sanitizeHtml(html, how), how)
}
