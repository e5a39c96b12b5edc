import { protocolOf, type Operation, type ServiceModel } from '../core/service-model.ts';
import { misfits } from '../core/validate.ts';
import { fromCbor } from '../front/cbor.ts';
import type { WireRequest } from '../front/wire.ts';
import { restInput } from './judge-rest-request.ts';
import { broken, type Finding } from './misfit.ts';
import { readForm } from './read-form.ts';
import { readJson, type JsonReading } from './read-json.ts';
import { matchOf } from './route.ts';

/** What a request asks for, and all in which it is not AWS's. */
export interface JudgedRequest {
  readonly operation: string | undefined;
  readonly found: readonly Finding[];
}

/**
 * Reads a request by its protocol and the model alone, strictly, and without a line of the front's own readers: it is
 * their judge too.
 */
export function judgeRequest(model: ServiceModel, request: WireRequest): JudgedRequest {
  const operation = operationOf(model, request);
  const described = operation === undefined ? undefined : model.operations[operation];
  if (operation === undefined || !described)
    return {
      operation,
      found: [
        {
          path: '',
          rule: 'operation',
          message: `${operation ?? `${request.method} ${request.path}`} is not known here`,
        },
      ],
    };
  const found: Finding[] = [];
  const value = inputOf(model, described, request, found);
  if (value !== undefined && described.input) found.push(...misfits(model, described.input.shape, value));
  return { operation, found };
}

function operationOf(model: ServiceModel, request: WireRequest): string | undefined {
  switch (protocolOf(model, request.headers)) {
    case 'ec2':
    case 'query':
      return formOf(request).get('Action') ?? undefined;
    case 'json': {
      const [prefix, name] = (request.headers['x-amz-target'] ?? '').split('.');
      return prefix === model.metadata.targetPrefix ? name : undefined;
    }
    case 'smithy-rpc-v2-cbor': {
      const [, target, name] = /^\/service\/(\w+)\/operation\/(\w+)$/.exec(request.path) ?? [];
      return target === model.metadata.targetPrefix ? name : undefined;
    }
    case 'rest-xml':
    case 'rest-json':
      return matchOf(model, request)?.operation;
  }
}

const formOf = ({ method, query, body }: WireRequest): URLSearchParams =>
  method === 'GET' ? query : new URLSearchParams(body.toString());

function inputOf(model: ServiceModel, described: Operation, request: WireRequest, found: Finding[]): unknown {
  const { apiVersion, jsonVersion = '1.1' } = model.metadata;
  const type = (request.headers['content-type'] ?? '').split(';')[0];
  const typed = (due: string): void => {
    if (type !== due) found.push(broken('content-type', `is ${type || 'missing'}, not ${due}`));
  };
  switch (protocolOf(model, request.headers)) {
    case 'ec2':
    case 'query': {
      if (request.method !== 'GET') typed('application/x-www-form-urlencoded');
      const form = formOf(request);
      if (form.get('Version') !== apiVersion) found.push(broken('Version', `is not ${apiVersion}`));
      return readForm({ model, found }, described.input?.shape, form);
    }
    case 'json': {
      typed(`application/x-amz-json-${jsonVersion}`);
      const parsed = parsedBy(() => JSON.parse(request.body.toString()) as unknown, 'JSON', found);
      return documentOf({ model, found }, described, parsed);
    }
    case 'smithy-rpc-v2-cbor': {
      if (described.input) typed('application/cbor');
      if (request.method !== 'POST') found.push(broken('method', `is ${request.method}, not POST`));
      const parsed = parsedBy(() => fromCbor(request.body), 'CBOR', found);
      return documentOf({ model, found, form: 'cbor' }, described, parsed);
    }
    case 'rest-xml':
    case 'rest-json':
      return restInput(model, described, request, found);
  }
}

const documentOf = (reading: JsonReading, { input }: Operation, parsed: unknown): unknown =>
  input && parsed !== undefined ? readJson(reading, input, parsed, '') : undefined;

function parsedBy(parse: () => unknown, what: string, found: Finding[]): unknown {
  try {
    return parse();
  } catch (error) {
    found.push(broken('', `is no ${what}: ${String(error)}`)); // The request is wrong, not we: told as a finding.
    return undefined;
  }
}
