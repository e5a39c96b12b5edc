import { xmlNamespaceOf } from '../core/documents.ts';
import { modelOf, shapeOf, type ServiceModel } from '../core/service-model.ts';
import { toCbor } from './cbor.ts';
import { toJson } from './json.ts';
import { restReply } from './rest.ts';
import { declaration, element, membersToXml } from './to-xml.ts';
import { idHeaders, type Asked, type WireReply } from './wire.ts';

/** Writes an answer in the protocol of its request. */
export function writeReply(asked: Asked, output: object, requestId: string): WireReply {
  const model = modelOf(asked.service);
  const values = output as Readonly<Record<string, unknown>>;
  const reply = inProtocol(model, asked, values, requestId);
  return { ...reply, headers: { ...idHeaders(asked.service, requestId), ...reply.headers } };
}

function inProtocol(
  model: ServiceModel,
  { protocol, operation }: Asked,
  values: Readonly<Record<string, unknown>>,
  requestId: string,
): WireReply {
  switch (protocol) {
    case 'json':
      return typed(`application/x-amz-json-${model.metadata.jsonVersion ?? '1.1'}`, JSON.stringify(toJson(values)));
    case 'smithy-rpc-v2-cbor': {
      const { headers, ...reply } = typed('application/cbor', toCbor(values));
      return { ...reply, headers: { ...headers, 'smithy-protocol': 'rpc-v2-cbor' } };
    }
    case 'rest-xml':
    case 'rest-json':
      return restReply(model, operation, values);
    case 'ec2':
    case 'query':
      return typed('text/xml;charset=UTF-8', rpcDocument(model, operation, values, requestId));
  }
}

const typed = (type: string, body: string | Buffer): WireReply => ({
  status: 200,
  headers: { 'content-type': type },
  body: Buffer.from(body),
});

function rpcDocument(
  model: ServiceModel,
  operation: string,
  values: Readonly<Record<string, unknown>>,
  requestId: string,
): string {
  const { output } = model.operations[operation] ?? {};
  const members = output ? membersToXml(model, shapeOf(model, output.shape), values) : '';
  const namespace = ` xmlns="${xmlNamespaceOf(model)}"`;
  const root = (content: string): string => declaration + element(`${operation}Response`, content, namespace);
  if (model.metadata.protocol === 'ec2') return root(element('requestId', requestId) + orReturn(members));
  // Where CloudWatch is asked in the query protocol, its model no longer says so.
  const wrapper = output && (output.resultWrapper ?? `${operation}Result`);
  const result = wrapper === undefined ? members : element(wrapper, members);
  return root(result + element('ResponseMetadata', element('RequestId', requestId)));
}

/** EC2 answers `<return>true</return>` where it has nothing else to say. */
const orReturn = (members: string): string => (members === '' ? element('return', 'true') : members);
