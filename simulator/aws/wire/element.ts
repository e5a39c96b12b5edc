import { XMLParser, XMLValidator } from 'fast-xml-parser';

/** An element of XML with all that it holds, in order. */
export interface Element {
  readonly name: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly children: readonly Element[];
  readonly text: string;
}

const parser = new XMLParser({
  preserveOrder: true,
  ignoreAttributes: false,
  attributeNamePrefix: '',
  parseTagValue: false,
  parseAttributeValue: false,
  trimValues: false,
  ignoreDeclaration: true,
  htmlEntities: true,
});

/** The parser's own form: one key is the element's name, `:@` has its attributes, `#text` is text. */
type Parsed = Readonly<Record<string, unknown>>;

/** The root element of a document; or why it is none. */
export function rootOf(document: string): Element | string {
  const valid = XMLValidator.validate(document);
  if (valid !== true) return `is no well-formed XML: ${valid.err.msg}`;
  const roots = (parser.parse(document) as Parsed[]).flatMap((parsed) => elementOf(parsed) ?? []);
  return roots[0] ?? 'is empty';
}

function elementOf(parsed: Parsed): Element | undefined {
  const name = Object.keys(parsed).find((key) => key !== ':@' && key !== '#text');
  if (name === undefined) return undefined;
  const inside = parsed[name] as readonly Parsed[];
  return {
    name,
    attributes: (parsed[':@'] ?? {}) as Record<string, string>,
    children: inside.flatMap((part) => elementOf(part) ?? []),
    text: inside.map((part) => ('#text' in part ? String(part['#text']) : '')).join(''),
  };
}
