/** Tags and entities that stand in pages, and hardly in what people write. */
const evidence =
  /<\/?(?:html|body|br|p|div|span|pre|table|td|tr|li|code|tt|font|b|i|strong|em|wbr|o:p|w:[a-z])\b|<!--|&(?:#\d{1,7}|#x[0-9a-f]{1,6}|nbsp|amp|lt|gt|plus|equals|sol|shy|[nm]?dash|hyphen|newline);/i;
const insideWords = /^<\/?(?:b|i|u|em|a|strong|span|font|wbr|code|tt|mark|big|small|o:p|w:r|w:t|w:rpr)\b/i;
const pageStart = /^\s*(?:<\?xml[^<>]*>\s*)?(?:<!--[^<>]*>\s*)*<(?:!doctype html|html|head|body)\b/i;

const named: Readonly<Record<string, string>> = {
  nbsp: " ",
  ensp: " ",
  emsp: " ",
  thinsp: " ",
  tab: " ",
  newline: "\n",
  amp: "&",
  lt: "<",
  gt: ">",
  quot: '"',
  apos: "'",
  plus: "+",
  equals: "=",
  sol: "/",
  colon: ":",
  comma: ",",
  period: ".",
  num: "#",
  dash: "-",
  hyphen: "-",
  ndash: "\u2013",
  mdash: "\u2014",
  horbar: "\u2015",
  minus: "\u2212",
  shy: "\u00ad",
  zwnj: "\u200c",
  zwj: "\u200d",
};

/** Whether a text is a page by its first tag. */
export function isHtmlPage(text: string): boolean {
  return pageStart.test(text.slice(0, 4096));
}

export function hasHtml(text: string): boolean {
  return evidence.test(text);
}

/**
 * The text of a page, as far as certificates in it need: tags gone or turned to line ends, entities resolved. A tag
 * never reaches over the next `<`, so that a page of nothing but `<` is walked once.
 */
export function textOfHtml(html: string): string {
  const once = withoutTags(html);
  // A page that a program wrote into a page: `&lt;br&gt;`, `&amp;#43;`.
  return hasHtml(once) ? withoutTags(once) : once;
}

function withoutTags(html: string): string {
  return entitiesResolved(html.replace(/<[a-z!?/][^<>]*>/gi, (tag) => (insideWords.test(tag) ? "" : "\n")));
}

function entitiesResolved(text: string): string {
  return text.replace(/&(?:#(\d{1,7})|#x([0-9a-f]{1,6})|([a-z]{2,8}));/gi, (whole, decimal, hex, name) => {
    if (name !== undefined) return named[String(name).toLowerCase()] ?? whole;
    const code = decimal === undefined ? Number.parseInt(hex, 16) : Number(decimal);
    return code > 0 && code <= 0x10ffff ? String.fromCodePoint(code) : whole;
  });
}
