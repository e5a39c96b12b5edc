import { modelOf, shapeOf, type Operation, type ServiceId } from '../core/service-model.ts';
import type { WireReply } from '../front/wire.ts';
import { rootOf, type Element } from './element.ts';
import { statusesOf } from './error-codes.ts';
import { broken, under, unknown, type Finding } from './misfit.ts';

/** All in which an error reply is not AWS's: its form, its code, its status, and members that its shape does not have. */
export function judgeError(service: ServiceId, operation: Operation | undefined, reply: WireReply): Finding[] {
  const found: Finding[] = [];
  const told =
    modelOf(service).metadata.protocol === 'json' ? jsonError(reply, found) : xmlError(service, reply, found);
  if (!told) return found;
  const statuses = statusesOf(service, operation, told.code);
  if (statuses === undefined) found.push({ path: 'Code', rule: 'code', message: `${told.code} is no error of it` });
  else if (statuses !== 'any' && statuses !== reply.status)
    found.push(broken('status', `is ${reply.status}, not ${statuses}, for ${told.code}`));
  const members = membersOf(service, operation, told.code);
  found.push(...told.others.filter((name) => !members.has(name)).map((name) => unknown(name)));
  return found;
}

interface Told {
  readonly code: string;
  /** What else is told beside code and message. */
  readonly others: readonly string[];
}

function membersOf(service: ServiceId, operation: Operation | undefined, code: string): ReadonlySet<string> {
  const model = modelOf(service);
  const name = operation?.errors.find((error) => (shapeOf(model, error).error?.code ?? error) === code);
  const members = name === undefined ? {} : (shapeOf(model, name).members ?? {});
  return new Set(Object.entries(members).map(([member, { locationName }]) => locationName ?? member));
}

/** https://smithy.io/2.0/aws/protocols/aws-json-1_1-protocol.html#operation-error-serialization */
function jsonError({ body, headers }: WireReply, found: Finding[]): Told | undefined {
  let parsed: Record<string, unknown>;
  try {
    parsed = JSON.parse(body) as Record<string, unknown>;
  } catch (error) {
    return void found.push(broken('', `is no JSON: ${String(error)}`)); // The reply is wrong, not we: told as a finding.
  }
  const { __type: code, message, Message, ...others } = parsed;
  if (typeof code !== 'string') return void found.push(broken('__type', 'is missing'));
  if (typeof (message ?? Message) !== 'string') found.push(broken('message', 'is missing'));
  const named = headers['x-amzn-errortype'];
  if (named !== undefined && named !== code) found.push(broken('x-amzn-errortype', `is ${named}, not ${code}`));
  return { code, others: Object.keys(others) };
}

/**
 * `Response/Errors/Error` in EC2, `ErrorResponse/Error` elsewhere.
 * https://smithy.io/2.0/aws/protocols/aws-query-protocol.html#operation-error-serialization
 */
function xmlError(service: ServiceId, { body }: WireReply, found: Finding[]): Told | undefined {
  const root = rootOf(body);
  if (typeof root === 'string') return void found.push(broken('', root));
  const ec2 = modelOf(service).metadata.protocol === 'ec2';
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
