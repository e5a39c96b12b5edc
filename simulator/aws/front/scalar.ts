import type { Shape } from '../core/service-model.ts';

/** A scalar's text on the wire as a value; what cannot be read stays text, for the validator to refuse. */
export function fromText(shape: Shape, text: string): unknown {
  switch (shape.type) {
    case 'integer':
    case 'long':
    case 'float':
    case 'double':
      return text.trim() === '' || Number.isNaN(Number(text)) ? text : Number(text);
    case 'boolean':
      return text === 'true' ? true : text === 'false' ? false : text;
    case 'timestamp': {
      const millis = /^\d+(\.\d+)?$/.test(text) ? Number(text) * 1000 : Date.parse(text);
      return Number.isNaN(millis) ? text : new Date(millis);
    }
    case 'blob':
      return new Uint8Array(Buffer.from(text, 'base64'));
    default:
      return text;
  }
}

/** A value as the text of a header: timestamps as HTTP writes them, items of a list between commas. */
export function toHeader(shape: Shape, value: unknown): string {
  if (Array.isArray(value)) return value.map(toText).join(',');
  return value instanceof Date && shape.timestampFormat !== 'iso8601' ? value.toUTCString() : toText(value);
}

/** A scalar as text in XML. */
export function toText(value: unknown): string {
  // AWS's XML protocols write timestamps to the second or millisecond, always in UTC.
  if (value instanceof Date) return value.toISOString();
  if (value instanceof Uint8Array) return Buffer.from(value).toString('base64');
  return String(value);
}

export const escapeXml = (text: string): string =>
  text
    .replace(/&/g, '&amp;')
    .replace(/</g, '&lt;')
    .replace(/>/g, '&gt;')
    .replace(/"/g, '&quot;')

    .replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\r]/g, (character) => `&#${character.charCodeAt(0)};`);
