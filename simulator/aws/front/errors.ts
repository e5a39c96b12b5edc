import type { AwsError } from '../core/aws-error.ts';
import { queryCodeOf } from '../core/query-codes.ts';
import { modelOf, type Protocol, type ServiceId } from '../core/service-model.ts';
import { toCbor } from './cbor.ts';
import { escapeXml } from './scalar.ts';
import { declaration, element } from './to-xml.ts';
import { idHeaders, type WireReply } from './wire.ts';

/** A second id, which Amazon's support asks for. */
const hostId = 'simulated';

/** What was asked when it failed, as far as that was understood. */
export interface Failed {
  readonly service: ServiceId | undefined;
  readonly protocol: Protocol | undefined;
  readonly method: string;
  readonly operation?: string;
}

/** Writes an error in the protocol of its request; before the service is known, as a query service would. */
export function writeError(error: AwsError, failed: Failed, requestId: string): WireReply {
  const { service, protocol = 'query' } = failed;
  const reply = service === 's3' ? s3Error(error, failed, requestId) : inProtocol(error, failed, protocol, requestId);
  const headers = { ...idHeaders(service, requestId), ...reply.headers };
  return { status: error.status, headers, body: Buffer.from(reply.body) };
}

interface Told {
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | Buffer;
}

function inProtocol(error: AwsError, failed: Failed, protocol: Protocol, requestId: string): Told {
  const { code, message, status } = error;
  switch (protocol) {
    case 'json':
    case 'rest-json':
    case 'smithy-rpc-v2-cbor':
      return documentError(error, failed, protocol);
    case 'ec2': {
      const told = element('Errors', element('Error', codeAndMessage(code, message)));
      return xml(declaration + element('Response', told + element('RequestID', requestId)));
    }
    case 'query':
    case 'rest-xml': {
      const type = element('Type', status < 500 ? 'Sender' : 'Receiver');
      const told = element('Error', type + codeAndMessage(code, message));
      return xml(element('ErrorResponse', told + element('RequestId', requestId)));
    }
  }
}

const codeAndMessage = (code: string, message: string): string =>
  element('Code', code) + element('Message', escapeXml(message));

const xml = (body: string): Told => ({ headers: { 'content-type': 'text/xml;charset=UTF-8' }, body });

/**
 * JSON and CBOR alike. A service that spoke the query protocol once says the code of that time in a header, which SDKs
 * prefer. https://smithy.io/2.0/aws/protocols/aws-query-protocol.html#aws-protocols-awsquerycompatible-trait
 */
function documentError(
  { code, message, status }: AwsError,
  { service: asked, operation }: Failed,
  protocol: 'json' | 'rest-json' | 'smithy-rpc-v2-cbor',
): Told {
  const service = asked as ServiceId; // Known, or the protocol would not be.
  const { awsQueryCompatible, jsonVersion = '1.1' } = modelOf(service).metadata;
  const { name, queryCode } = queryCodeOf(service, operation, code);
  const compatible = { 'x-amzn-query-error': `${queryCode};${status < 500 ? 'Sender' : 'Receiver'}` };
  const old = awsQueryCompatible ? compatible : {};
  if (protocol === 'smithy-rpc-v2-cbor')
    return {
      headers: { 'content-type': 'application/cbor', 'smithy-protocol': 'rpc-v2-cbor', ...old },
      body: toCbor({ __type: name, message }),
    };
  const type = protocol === 'json' ? `application/x-amz-json-${jsonVersion}` : 'application/json';
  const told = protocol === 'json' ? { __type: name, message, Message: message } : { Type: 'User', message };
  return {
    headers: { 'content-type': type, 'x-amzn-errortype': name, ...old },
    body: JSON.stringify(told),
  };
}

/**
 * S3 wraps its errors in nothing, and says nothing where a HEAD has no room for it.
 * https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html#RESTErrorResponses
 */
function s3Error({ code, message, details }: AwsError, { method }: Failed, requestId: string): Told {
  const headers = { 'content-type': 'application/xml' };
  if (method === 'HEAD') return { headers, body: '' };
  const more = Object.entries(details).map(([name, value]) => element(name, escapeXml(String(value))));
  const ids = element('RequestId', requestId) + element('HostId', hostId);
  return { headers, body: declaration + element('Error', codeAndMessage(code, message) + more.join('') + ids) };
}
