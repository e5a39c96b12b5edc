import { isIPv4, isIPv6 } from 'node:net';
import type { RecordSet } from './records.ts';

const fatal = (what: string, said: string, value: string): string =>
  `Invalid Resource Record: 'FATAL problem: ${what} (${said}) encountered with '${value}''`;

/** What is wrong with a record's name and values, in Route 53's words; undefined when nothing is. */
export function problemInside({ name, type, values = [] }: RecordSet): string | undefined {
  const label = name.split('.').find((one) => one.replace(/\\\d{3}/g, '?').length > 63);
  if (label !== undefined)
    return `FATAL problem: DomainLabelTooLong (Domain label is too long) encountered with '${label}'`;
  if (name.length > 256) return `FATAL problem: DomainNameTooLong (Domain name is too long) encountered with '${name}'`;
  const twice = values.find((value, i) => values.indexOf(value) !== i);
  if (twice !== undefined) return `Duplicate Resource Record: '${twice}'`;
  if (type === 'CNAME' && values.length > 1)
    return `Invalid Resource Record: a CNAME record set with DNS name ${name} can have one value only`;
  return values.map((value) => problemWithValue(type, value)).find((problem) => problem !== undefined);
}

/** https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/ResourceRecordTypes.html */
function problemWithValue(type: string, value: string): string | undefined {
  if (type === 'A' && !isIPv4(value))
    return fatal('ARRDATAIllegalIPv4Address', 'Value is not a valid IPv4 address', value);
  if (type === 'AAAA' && !isIPv6(value))
    return fatal('AAAARRDATAIllegalIPv6Address', 'Value is not a valid IPv6 address', value);
  if (type !== 'TXT' && type !== 'SPF') return undefined;
  if (!/^"(?:[^"\\]|\\.)*"(?:\s+"(?:[^"\\]|\\.)*")*$/.test(value))
    return fatal('InvalidCharacterString', 'Value should be enclosed in quotation marks', value);
  const strings = value.match(/"(?:[^"\\]|\\.)*"/g) ?? [];
  if (strings.some((text) => text.length - 2 > 255))
    return fatal('CharacterStringTooLong', 'String is too long', value);
  return undefined;
}
