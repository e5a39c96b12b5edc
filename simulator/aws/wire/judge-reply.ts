import { shapeOf, type Operation, type ServiceId, type ServiceModel, answerModelOf } from '../core/service-model.ts';
import { misfits } from '../core/validate.ts';
import type { WireReply } from '../front/wire.ts';
import { rootOf, type Element } from './element.ts';
import { judgeError } from './judge-error.ts';
import { broken, unknown, type Finding } from './misfit.ts';
import { readJson } from './read-json.ts';
import { readStructure } from './read-xml.ts';
import { strictly } from './scalar-text.ts';

/** All in which a reply is not AWS's; `operation` is undefined where the request named none that is known. */
export function judgeReply(service: ServiceId, operation: string | undefined, reply: WireReply): Finding[] {
  const model = answerModelOf(service);
  const described = operation === undefined ? undefined : model.operations[operation];
  const found: Finding[] = typeOf(model, reply);
  if (!reply.headers['x-amzn-requestid']) found.push(broken('x-amzn-requestid', 'is missing'));
  if (reply.status >= 300) return [...found, ...judgeError(service, described, reply)];
  if (operation === undefined || !described) return [...found, broken('', 'succeeds where no operation was asked for')];
  const due = described.http.responseCode ?? 200;
  if (reply.status !== due) found.push(broken('status', `is ${reply.status}, not ${due}`));
  const value =
    model.metadata.protocol === 'json'
      ? jsonOutput(model, described, reply, found)
      : xmlOutput(model, operation, reply, found);
  if (value && described.output) found.push(...misfits(model, described.output.shape, value));
  return found;
}

function typeOf({ metadata }: ServiceModel, { headers }: WireReply): Finding[] {
  const due = metadata.protocol === 'json' ? `application/x-amz-json-${metadata.jsonVersion ?? '1.1'}` : 'text/xml';
  const type = (headers['content-type'] ?? '').split(';')[0];
  return type === due ? [] : [broken('content-type', `is ${type || 'missing'}, not ${due}`)];
}

function jsonOutput(model: ServiceModel, { output }: Operation, { body }: WireReply, found: Finding[]): unknown {
  if (!output) return body === '' || body === '{}' ? undefined : void found.push(unknown(body));
  try {
    return readJson({ model, found }, output, JSON.parse(body), '');
  } catch (error) {
    return void found.push(broken('', `is no JSON: ${String(error)}`)); // The reply is wrong, not we: told as a finding.
  }
}

function xmlOutput(model: ServiceModel, name: string, reply: WireReply, found: Finding[]): object | undefined {
  const described = model.operations[name] as Operation;
  const root = rootOf(reply.body);
  if (typeof root === 'string') return void found.push(broken('', root));
  if (root.name !== `${name}Response`) found.push(broken('', `is <${root.name}>, not <${name}Response>`));
  const namespace = namespaceOf(model);
  if (root.attributes['xmlns'] !== namespace)
    found.push(broken('', `is of the namespace ${root.attributes['xmlns']}, not ${namespace}`));
  const shape = described.output && shapeOf(model, described.output.shape);
  const told = unwrapped(model, described, root, reply, found);
  if (!told) return undefined;
  if (!shape) return void found.push(...told.children.map((child) => unknown(child.name)));
  const value = readStructure({ model, found }, shape, told, '') as Record<string, unknown>;
  for (const [member, { location, locationName, ...rest }] of Object.entries(shape.members ?? {})) {
    const text = location === 'header' ? header(reply, locationName ?? member) : undefined;
    if (text !== undefined)
      value[member] = strictly(model, { location: 'header', ...rest }, shapeOf(model, rest.shape), text);
  }
  return value;
}

const header = ({ headers }: WireReply, name: string): string | undefined =>
  Object.entries(headers).find(([key]) => key.toLowerCase() === name.toLowerCase())?.[1];

/** EC2's ends in a slash on the wire; Route 53's stands only on its inputs. */
export function namespaceOf({ metadata, operations }: ServiceModel): string | undefined {
  if (metadata.protocol === 'ec2') return `${metadata.xmlNamespace}/`;
  const ofInputs = Object.values(operations).flatMap(({ input }) => input?.xmlNamespace?.uri ?? []);
  return metadata.xmlNamespace ?? ofInputs[0];
}

/** What stands in the protocol's wrapping, once that is seen to be right. */
function unwrapped(
  model: ServiceModel,
  { output }: Operation,
  root: Element,
  reply: WireReply,
  found: Finding[],
): Element | undefined {
  const child = (name: string): Element | undefined => root.children.find((one) => one.name === name);
  const without = (...names: string[]): Element => ({
    ...root,
    attributes: {},
    children: root.children.filter(({ name }) => !names.includes(name)),
  });
  const isRequestId = (text: string | undefined): void => {
    if (text !== reply.headers['x-amzn-requestid'])
      found.push(broken('RequestId', 'is missing, or not that of the header'));
  };
  switch (model.metadata.protocol) {
    case 'ec2':
      isRequestId(child('requestId')?.text);
      // https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DeleteVpc.html: true where there is nothing else to say.
      if (!output && child('return')?.text !== 'true') found.push(broken('return', 'is not true'));
      return output ? without('requestId') : without('requestId', 'return');
    case 'query': {
      isRequestId(child('ResponseMetadata')?.children.find(({ name }) => name === 'RequestId')?.text);
      if (output?.resultWrapper === undefined) return without('ResponseMetadata');
      const others = without('ResponseMetadata', output.resultWrapper).children;
      found.push(...others.map(({ name }) => unknown(name)));
      const result = child(output.resultWrapper);
      if (!result) found.push(broken(output.resultWrapper, 'is missing'));
      return result;
    }
    default:
      return without();
  }
}
