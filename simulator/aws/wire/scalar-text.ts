import type { Member, ServiceModel, Shape } from '../core/service-model.ts';

/**
 * A scalar as its protocol writes it, and no other way: `+1`, `True`, `2026-01-01` and unpadded base64 stay text, which
 * `misfits` then takes for a wrong type. https://smithy.io/2.0/spec/protocol-traits.html#timestamp-formats
 */
export function strictly(model: ServiceModel, member: Member, shape: Shape, text: string): unknown {
  switch (shape.type) {
    case 'integer':
    case 'long':
      return /^-?\d+$/.test(text) ? Number(text) : text;
    case 'float':
    case 'double':
      return /^-?\d+(\.\d+)?([eE][-+]?\d+)?$/.test(text) ? Number(text) : text;
    case 'boolean':
      return text === 'true' ? true : text === 'false' ? false : text;
    case 'timestamp':
      return timestamp(timestampFormat(model, member, shape), text) ?? text;
    case 'blob':
      return blob(text) ?? text;
    default:
      return text;
  }
}

export function timestampFormat(model: ServiceModel, member: Member, shape: Shape): string {
  const own = member.timestampFormat ?? shape.timestampFormat;
  if (own !== undefined) return own;
  if (member.location === 'header') return 'rfc822';
  return /json/.test(model.metadata.protocol) ? 'unixTimestamp' : 'iso8601';
}

const spelt: Readonly<Record<string, RegExp>> = {
  iso8601: /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z$/,
  rfc822: /^(Mon|Tue|Wed|Thu|Fri|Sat|Sun), \d\d \w{3} \d{4} \d\d:\d\d:\d\d GMT$/,
  unixTimestamp: /^\d+(\.\d+)?$/,
};

function timestamp(format: string, text: string): Date | undefined {
  if (!spelt[format]?.test(text)) return undefined;
  const date = new Date(format === 'unixTimestamp' ? Number(text) * 1000 : text);
  return Number.isNaN(date.getTime()) ? undefined : date;
}

export function blob(text: string): Uint8Array | undefined {
  const bytes = Buffer.from(text, 'base64');
  return bytes.toString('base64') === text ? new Uint8Array(bytes) : undefined;
}
