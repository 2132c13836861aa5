/** The named characters that mails use: those of Latin-1 in order, and a few more. */
const LATIN1 = (
  'nbsp iexcl cent pound curren yen brvbar sect uml copy ordf laquo not shy reg macr deg plusmn ' +
  'sup2 sup3 acute micro para middot cedil sup1 ordm raquo frac14 frac12 frac34 iquest Agrave ' +
  'Aacute Acirc Atilde Auml Aring AElig Ccedil Egrave Eacute Ecirc Euml Igrave Iacute Icirc Iuml ' +
  'ETH Ntilde Ograve Oacute Ocirc Otilde Ouml times Oslash Ugrave Uacute Ucirc Uuml Yacute THORN ' +
  'szlig agrave aacute acirc atilde auml aring aelig ccedil egrave eacute ecirc euml igrave ' +
  'iacute icirc iuml eth ntilde ograve oacute ocirc otilde ouml divide oslash ugrave uacute ' +
  'ucirc uuml yacute thorn yuml'
).split(' ')
const OTHERS = (
  'amp & lt < gt > quot " apos \' AMP & LT < GT > QUOT " ndash – mdash — lsquo ‘ rsquo ’ sbquo ‚ ' +
  'ldquo “ rdquo ” bdquo „ lsaquo ‹ rsaquo › bull • hellip … dagger † euro € trade ™ larr ← rarr → ' +
  'OElig Œ oelig œ Scaron Š scaron š Yuml Ÿ minus − hearts ♥ check ✓ zwnj \u200c zwj \u200d'
).split(' ')

const NAMED: ReadonlyMap<string, string> = new Map([
  ...LATIN1.map((name, i) => [name, String.fromCharCode(0xa0 + i)] as const),
  ...OTHERS.flatMap((name, i) => (i % 2 === 0 ? [[name, OTHERS[i + 1] ?? ''] as const] : [])),
  ...['ensp', 'emsp', 'thinsp'].map((name) => [name, ' '] as const),
])

const numbered = (code: number): string =>
  code === 0 || code > 0x10ffff || (code >= 0xd800 && code <= 0xdfff)
    ? '\ufffd'
    : String.fromCodePoint(code)

export const decodeEntities = (text: string): string =>
  text.includes('&')
    ? text.replace(
        /&(?:#(\d{1,8})|#x([\da-f]{1,7})|([a-z]{2,8}\d{0,2}));?/gi,
        (whole, decimal?: string, hex?: string, name?: string) => {
          if (decimal !== undefined) return numbered(Number(decimal))
          if (hex !== undefined) return numbered(parseInt(hex, 16))
          return NAMED.get(name ?? '') ?? whole
        },
      )
    : text
