import { queryCodeOf } from '../core/query-codes.ts';
import { modelOf, shapeOf, type Operation, type Protocol, type ServiceId } from '../core/service-model.ts';
import { fromCbor } from '../front/cbor.ts';
import type { WireReply } from '../front/wire.ts';
import { rootOf, type Element } from './element.ts';
import { statusesOf } from './error-codes.ts';
import type { AskedBy } from './judge-reply.ts';
import { broken, under, unknown, type Finding } from './misfit.ts';

/** What failed. */
export interface Failing {
  readonly service: ServiceId;
  readonly protocol: Protocol;
  readonly described: Operation | undefined;
  readonly by: AskedBy;
}

/** All in which an error reply is not AWS's: its form, its code, its status, and members that its shape does not have. */
export function judgeError(failing: Failing, reply: WireReply): Finding[] {
  const found: Finding[] = [];
  const { service, described } = failing;
  const told = readError(failing, reply, found);
  if (!told) return found;
  const statuses = statusesOf(service, described, told.code);
  if (statuses === undefined) found.push({ path: 'Code', rule: 'code', message: `${told.code} is no error of it` });
  else if (statuses !== 'any' && statuses !== reply.status)
    found.push(broken('status', `is ${reply.status}, not ${statuses}, for ${told.code}`));
  const members = membersOf(service, described, told.code);
  found.push(...told.others.filter((name) => !members.has(name)).map((name) => unknown(name)));
  return found;
}

function readError(
  { service, protocol, described, by }: Failing,
  reply: WireReply,
  found: Finding[],
): Told | undefined {
  if (service === 's3') return s3Error(by.method, reply, found);
  switch (protocol) {
    case 'json':
    case 'smithy-rpc-v2-cbor':
      return documentError(service, described, reply, found, protocol);
    case 'rest-json':
      return restJsonError(reply, found);
    default:
      return xmlError(protocol, reply, found);
  }
}

interface Told {
  readonly code: string;
  /** What else is told beside code and message. */
  readonly others: readonly string[];
}

const named = (service: ServiceId, operation: Operation | undefined, code: string): string | undefined =>
  operation?.errors.find((error) => error === code || shapeOf(modelOf(service), error).error?.code === code);

function membersOf(service: ServiceId, operation: Operation | undefined, code: string): ReadonlySet<string> {
  const name = named(service, operation, code);
  const members = name === undefined ? {} : (shapeOf(modelOf(service), name).members ?? {});
  return new Set(Object.entries(members).map(([member, { locationName }]) => locationName ?? member));
}

function parsedBy(parse: () => unknown, what: string, found: Finding[]): Record<string, unknown> | undefined {
  try {
    return parse() as Record<string, unknown>;
  } catch (error) {
    return void found.push(broken('', `is no ${what}: ${String(error)}`)); // The reply is wrong, not we: told as a finding.
  }
}

/**
 * https://smithy.io/2.0/aws/protocols/aws-json-1_1-protocol.html#operation-error-serialization; CBOR does the same. What
 * spoke the query protocol once tells its old code as well.
 */
function documentError(
  service: ServiceId,
  operation: Operation | undefined,
  { body, headers, status }: WireReply,
  found: Finding[],
  protocol: 'json' | 'smithy-rpc-v2-cbor',
): Told | undefined {
  const parsed =
    protocol === 'json'
      ? parsedBy(() => JSON.parse(body.toString()), 'JSON', found)
      : parsedBy(() => fromCbor(body), 'CBOR', found);
  if (!parsed) return undefined;
  const { __type: type, message, Message, ...others } = parsed;
  if (typeof type !== 'string') return void found.push(broken('__type', 'is missing'));
  const code = type.split('#').at(-1) as string;
  if (typeof (message ?? Message) !== 'string') found.push(broken('message', 'is missing'));
  const header = headers['x-amzn-errortype'];
  if (header !== undefined && header !== type) found.push(broken('x-amzn-errortype', `is ${header}, not ${type}`));
  if (modelOf(service).metadata.awsQueryCompatible) {
    const shape = named(service, operation, code);
    const old =
      (shape && shapeOf(modelOf(service), shape).error?.code) ?? queryCodeOf(service, undefined, code).queryCode;
    const due = `${old};${status < 500 ? 'Sender' : 'Receiver'}`;
    const told = headers['x-amzn-query-error'];
    if (told !== due) found.push(broken('x-amzn-query-error', `is ${told ?? 'missing'}, not ${due}`));
  }
  return { code, others: Object.keys(others) };
}

/** https://smithy.io/2.0/aws/protocols/aws-restjson1-protocol.html#operation-error-serialization */
function restJsonError({ body, headers }: WireReply, found: Finding[]): Told | undefined {
  const parsed = parsedBy(() => JSON.parse(body.toString()), 'JSON', found);
  const code = headers['x-amzn-errortype']?.split(':')[0];
  if (code === undefined) return void found.push(broken('x-amzn-errortype', 'is missing'));
  if (!parsed) return undefined;
  const { Type: _type, message, Message, ...others } = parsed;
  if (typeof (message ?? Message) !== 'string') found.push(broken('message', 'is missing'));
  return { code, others: Object.keys(others) };
}

/** What S3 tells of an error beside its code. https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html */
const ofS3 =
  /^(Code|Message|RequestId|HostId|Resource|Key|Bucket(Name)?|Region|Endpoint|Argument(Name|Value)|Method|ResourceType|Header|Condition)$/;

/** Its errors stand in no wrapper; a HEAD is answered by its status alone. */
function s3Error(method: string, { body }: WireReply, found: Finding[]): Told | undefined {
  if (method === 'HEAD')
    return body.length === 0 ? undefined : void found.push(broken('body', 'is there although a HEAD was asked'));
  const root = rootOf(body.toString());
  if (typeof root === 'string') return void found.push(broken('', root));
  if (root.name !== 'Error') return void found.push(broken('', `is <${root.name}>, not <Error>`));
  const text = (name: string): string | undefined => root.children.find((child) => child.name === name)?.text;
  for (const name of ['Message', 'RequestId', 'HostId'])
    if (text(name) === undefined) found.push(broken(name, 'is missing'));
  const code = text('Code');
  if (!code) return void found.push(broken('Code', 'is missing'));
  return { code, others: root.children.flatMap(({ name }) => (ofS3.test(name) ? [] : name)) };
}

/**
 * `Response/Errors/Error` in EC2, `ErrorResponse/Error` elsewhere.
 * https://smithy.io/2.0/aws/protocols/aws-query-protocol.html#operation-error-serialization
 */
function xmlError(protocol: Protocol, { body }: WireReply, found: Finding[]): Told | undefined {
  const root = rootOf(body.toString());
  if (typeof root === 'string') return void found.push(broken('', root));
  const ec2 = protocol === 'ec2';
  const [outer, id] = ec2 ? ['Response', 'RequestID'] : ['ErrorResponse', 'RequestId'];
  if (root.name !== outer) found.push(broken('', `is <${root.name}>, not <${outer}>`));
  const holder = ec2 ? only(root, 'Errors', id, found) : root;
  if (!holder) return undefined;
  const error = only(holder, 'Error', ec2 ? undefined : id, found);
  if (!error) return undefined;
  const text = (name: string): string | undefined => error.children.find((child) => child.name === name)?.text;
  if (!text('Code')) return void found.push(broken('Code', 'is missing'));
  if (text('Message') === undefined) found.push(broken('Message', 'is missing'));
  if (!ec2 && !['Sender', 'Receiver'].includes(text('Type') ?? '')) found.push(broken('Type', 'is missing'));
  const usual = ec2 ? ['Code', 'Message'] : ['Code', 'Message', 'Type'];
  return {
    code: text('Code') as string,
    others: error.children.flatMap(({ name }) => (usual.includes(name) ? [] : name)),
  };
}

/** The one element of that name, with nothing beside it but the request's id. */
function only(element: Element, name: string, id: string | undefined, found: Finding[]): Element | undefined {
  const names = element.children.map((child) => child.name);
  for (const other of names) if (other !== name && other !== id) found.push(unknown(under(element.name, other)));
  if (id !== undefined && !names.includes(id)) found.push(broken(id, 'is missing'));
  const inside = element.children.filter((child) => child.name === name);
  if (inside.length !== 1) found.push(broken(name, `stands ${inside.length} times`));
  return inside[0];
}
