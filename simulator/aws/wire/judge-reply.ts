import { xmlNamespaceOf } from '../core/documents.ts';
import {
  answerModelOf,
  protocolOf,
  shapeOf,
  type Operation,
  type Protocol,
  type ServiceId,
  type ServiceModel,
} from '../core/service-model.ts';
import { misfits } from '../core/validate.ts';
import { fromCbor } from '../front/cbor.ts';
import { requestIdHeader, type WireReply, type WireRequest } from '../front/wire.ts';
import { rootOf, type Element } from './element.ts';
import { judgeError } from './judge-error.ts';
import { restOutput } from './judge-rest-reply.ts';
import { broken, unknown, type Finding } from './misfit.ts';
import { readJson } from './read-json.ts';
import { readStructure } from './read-xml.ts';

/** What of a request its reply depends on. */
export type AskedBy = Pick<WireRequest, 'method' | 'headers'>;

/** All in which a reply is not AWS's; `operation` is undefined where the request named none that is known. */
export function judgeReply(
  service: ServiceId,
  operation: string | undefined,
  reply: WireReply,
  by: AskedBy = { method: 'POST', headers: {} },
): Finding[] {
  const model = answerModelOf(service);
  const protocol = protocolOf(model, by.headers);
  const described = operation === undefined ? undefined : model.operations[operation];
  const found: Finding[] = [];
  const idHeader = requestIdHeader(service);
  if (!reply.headers[idHeader]) found.push(broken(idHeader, 'is missing'));
  if (reply.status >= 300)
    return [
      ...found,
      ...typeOf(service, model, protocol, reply),
      ...judgeError({ service, protocol, described, by }, reply),
    ];
  if (operation === undefined || !described) return [...found, broken('', 'succeeds where no operation was asked for')];
  if (protocol === 'rest-xml' || protocol === 'rest-json') {
    const output = restOutput(model, operation, reply, found);
    if (output.isDocument) found.push(...typeOf(service, model, protocol, reply));
    if (described.output) found.push(...misfits(model, described.output.shape, output.value));
    return found;
  }
  found.push(...typeOf(service, model, protocol, reply));
  if (reply.status !== 200) found.push(broken('status', `is ${reply.status}, not 200`));
  const value =
    protocol === 'ec2' || protocol === 'query'
      ? xmlOutput(model, operation, reply, found)
      : documentOutput(model, protocol, described, reply, found);
  if (value && described.output) found.push(...misfits(model, described.output.shape, value));
  return found;
}

function typeOf(service: ServiceId, { metadata }: ServiceModel, protocol: Protocol, { headers }: WireReply): Finding[] {
  const due: Readonly<Record<Protocol, string>> = {
    ...{ ec2: 'text/xml', query: 'text/xml', 'rest-xml': service === 's3' ? 'application/xml' : 'text/xml' },
    json: `application/x-amz-json-${metadata.jsonVersion ?? '1.1'}`,
    ...{ 'rest-json': 'application/json', 'smithy-rpc-v2-cbor': 'application/cbor' },
  };
  const found: Finding[] = [];
  const type = (headers['content-type'] ?? '').split(';')[0];
  if (type !== due[protocol]) found.push(broken('content-type', `is ${type || 'missing'}, not ${due[protocol]}`));
  if (protocol === 'smithy-rpc-v2-cbor' && headers['smithy-protocol'] !== 'rpc-v2-cbor')
    found.push(broken('smithy-protocol', 'is not rpc-v2-cbor'));
  return found;
}

function documentOutput(
  model: ServiceModel,
  protocol: Protocol,
  { output }: Operation,
  { body }: WireReply,
  found: Finding[],
): unknown {
  const text = body.toString();
  const cbor = protocol === 'smithy-rpc-v2-cbor';
  try {
    const parsed: unknown = cbor ? fromCbor(body) : text === '' && !output ? {} : JSON.parse(text);
    if (output) return readJson({ model, found, ...(cbor ? { form: 'cbor' } : {}) }, output, parsed, '');
    return void found.push(...Object.keys(parsed as object).map((name) => unknown(name)));
  } catch (error) {
    return void found.push(broken('', `is no ${cbor ? 'CBOR' : 'JSON'}: ${String(error)}`)); // The reply is wrong, not we.
  }
}

function xmlOutput(model: ServiceModel, name: string, reply: WireReply, found: Finding[]): object | undefined {
  const described = model.operations[name] as Operation;
  const root = rootOf(reply.body.toString());
  if (typeof root === 'string') return void found.push(broken('', root));
  if (root.name !== `${name}Response`) found.push(broken('', `is <${root.name}>, not <${name}Response>`));
  const namespace = xmlNamespaceOf(model);
  if (root.attributes['xmlns'] !== namespace)
    found.push(broken('', `is of the namespace ${root.attributes['xmlns']}, not ${namespace}`));
  const told = unwrapped(model, name, root, reply, found);
  if (!told) return undefined;
  const shape = described.output && shapeOf(model, described.output.shape);
  if (!shape) return void found.push(...told.children.map((child) => unknown(child.name)));
  return readStructure({ model, found }, shape, told, '');
}

/** What stands in the protocol's wrapping, once that is seen to be right. */
function unwrapped(
  model: ServiceModel,
  name: string,
  root: Element,
  reply: WireReply,
  found: Finding[],
): Element | undefined {
  const { output } = model.operations[name] as Operation;
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
  if (model.metadata.protocol === 'ec2') {
    isRequestId(child('requestId')?.text);
    // https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DeleteVpc.html: true where there is nothing else to say.
    if (!output && child('return')?.text !== 'true') found.push(broken('return', 'is not true'));
    return output ? without('requestId') : without('requestId', 'return');
  }
  isRequestId(child('ResponseMetadata')?.children.find((one) => one.name === 'RequestId')?.text);
  if (!output) return without('ResponseMetadata');
  // CloudWatch's model, which is of CBOR first, does not tell its wrappers.
  const wrapper = output.resultWrapper ?? `${name}Result`;
  const others = without('ResponseMetadata', wrapper).children;
  found.push(...others.map((one) => unknown(one.name)));
  const result = child(wrapper);
  if (!result) found.push(broken(wrapper, 'is missing'));
  return result;
}
