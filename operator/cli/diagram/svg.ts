/** The few elements of SVG that a picture needs, and how wide text is without asking a font. */

type Attributes = Readonly<Record<string, string | number | undefined>>;

// Characters that XML cannot hold at all, not even escaped: https://www.w3.org/TR/xml/#charsets
const unheld =
  /[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]|[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g;

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

export const escaped = (text: string): string =>
  text.replace(unheld, '\ufffd').replace(/[&<>"']/g, (character) => entities[character] as string);

export function element(name: string, attributes: Attributes, ...content: readonly string[]): string {
  const given = Object.entries(attributes).filter(([, value]) => value !== undefined);
  const tag = [name, ...given.map(([key, value]) => `${key}="${escaped(String(value))}"`)].join(' ');
  if (content.length === 0) return `<${tag}/>`;
  const body = content.join('\n');
  return content.length === 1 && !body.startsWith('<')
    ? `<${tag}>${body}</${name}>`
    : `<${tag}>\n${indented(body)}\n</${name}>`;
}

const indented = (text: string): string => text.replace(/^/gm, '  ');

export interface TextStyle {
  readonly size: number;
  readonly bold?: boolean;
}

/**
 * The width of a text in the widest of the common sans-serif fonts (DejaVu Sans), by classes of characters rounded up:
 * what fits by this fits everywhere.
 */
export function widthOf(text: string, { size, bold }: TextStyle): number {
  const ems = [...text].reduce((sum, character) => sum + emsOf(character), 0);
  return Math.ceil(ems * size * (bold ? 1.12 : 1));
}

function emsOf(character: string): number {
  if (/[ijlI.,:;'| ]/.test(character)) return 0.34;
  if (/[frt()[\]/\\-]/.test(character)) return 0.42;
  if (/[a-ln-vx-z0-9_]/.test(character)) return 0.64;
  return /[A-LNOP-VX-Z]/.test(character) ? 0.79 : 1;
}

/** A text cut to a width, ending in an ellipsis where something is missing. */
export function cut(text: string, width: number, style: TextStyle): string {
  if (widthOf(text, style) <= width) return text;
  const kept = [...text];
  while (kept.length > 0 && widthOf(`${kept.join('')}…`, style) > width) kept.pop();
  return `${kept.join('').trimEnd()}…`;
}

/** A text on as many lines as it needs, broken at spaces; a word that is wider than a line is cut. */
export function wrapped(text: string, width: number, style: TextStyle): string[] {
  const lines: string[] = [];
  for (const word of text.split(/\s+/)) {
    const last = lines.at(-1);
    if (last !== undefined && widthOf(`${last} ${word}`, style) <= width) lines[lines.length - 1] = `${last} ${word}`;
    else lines.push(word);
  }
  return lines.map((line) => cut(line, width, style));
}
