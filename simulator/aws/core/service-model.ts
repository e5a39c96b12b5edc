import { readFileSync } from 'node:fs';

/** The namespace of an element; with a prefix where its attributes are in it. */
export interface XmlNamespace {
  readonly uri: string;
  readonly prefix?: string;
}

/** A member of a structure, or what a list or map holds. */
export interface Member {
  readonly shape: string;
  readonly locationName?: string;
  readonly location?: 'uri' | 'querystring' | 'header' | 'headers' | 'statusCode';
  readonly queryName?: string;
  readonly flattened?: boolean;
  readonly idempotencyToken?: boolean;
  readonly xmlAttribute?: boolean;
  readonly xmlNamespace?: string | XmlNamespace;
  readonly timestampFormat?: string;
}

export interface Shape {
  readonly type: string;
  readonly required?: readonly string[];
  readonly members?: Readonly<Record<string, Member>>;
  readonly member?: Member;
  readonly key?: Member;
  readonly value?: Member;
  readonly enum?: readonly string[];
  readonly min?: number;
  readonly max?: number;
  readonly pattern?: string;
  readonly flattened?: boolean;
  readonly payload?: string;
  readonly locationName?: string;
  readonly timestampFormat?: string;
  readonly xmlNamespace?: XmlNamespace;
  readonly error?: { readonly code?: string; readonly httpStatusCode?: number };
}

export interface Operation {
  readonly http: { readonly method: string; readonly requestUri: string; readonly responseCode?: number };
  readonly input?: {
    readonly shape: string;
    readonly locationName?: string;
    readonly xmlNamespace?: { readonly uri: string };
  };
  readonly output?: { readonly shape: string; readonly resultWrapper?: string };
  /** The body may, or must, come with a checksum in a header. */
  readonly httpChecksum?: { readonly requestAlgorithmMember?: string; readonly requestChecksumRequired?: boolean };
  readonly errors: readonly string[];
}

export type Protocol = 'ec2' | 'query' | 'json' | 'rest-xml' | 'rest-json' | 'smithy-rpc-v2-cbor';

export interface ServiceModel {
  readonly metadata: {
    readonly apiVersion: string;
    readonly endpointPrefix: string;
    readonly protocol: Protocol;
    /** All that the service speaks, where it is more than one. */
    readonly protocols?: readonly Protocol[];
    /** It spoke the query protocol once, and tells the error codes of that time in a header. */
    readonly awsQueryCompatible?: boolean;
    readonly jsonVersion?: string;
    readonly signingName?: string;
    readonly targetPrefix?: string;
    readonly xmlNamespace?: string;
  };
  readonly operations: Readonly<Record<string, Operation>>;
  readonly shapes: Readonly<Record<string, Shape>>;
}

/** The services of the simulator, by botocore's folder names. */
export const serviceIds = [
  'sts',
  'ec2',
  'autoscaling',
  'elbv2',
  'iam',
  'acm',
  'route53',
  'ssm',
  'logs',
  'rds',
  'elasticache',
  's3',
  's3control',
  'cloudfront',
  'cognito-idp',
  'sns',
  'sqs',
  'lambda',
  'cloudwatch',
  'secretsmanager',
] as const;
export type ServiceId = (typeof serviceIds)[number];

const loaded = new Map<ServiceId, ServiceModel>();

/**
 * What AWS answers beyond its own model, by shape: an attached internet gateway is `available`, and states of VPC
 * endpoints are in lower case (as the samples in the EC2 API reference show); the interface of a NAT gateway has the type
 * that the filter `interface-type` of DescribeNetworkInterfaces is documented with; hosted zones of today have ids of 21
 * characters, which `/hostedzone/` makes 33, and a private one has no name servers to tell; of a function whose code nobody signs, only its name is told; and what has no tags, or lacks no parameter,
 * answers an empty list.
 */
const alsoAnswered: Partial<Record<ServiceId, Readonly<Record<string, Partial<Shape>>>>> = {
  ec2: {
    AttachmentStatus: { enum: ['available'] },
    NetworkInterfaceType: { enum: ['nat_gateway'] },
    State: { enum: ['pending', 'available', 'deleting', 'deleted'] },
  },
  route53: {
    ResourceId: { max: 33 },
    TagList: { min: 0 },
    CreateHostedZoneResponse: { required: ['HostedZone', 'ChangeInfo', 'Location'] },
  },
  acm: { TagList: { min: 0 } },
  lambda: { GetFunctionCodeSigningConfigResponse: { required: ['FunctionName'] } },
  ssm: { ParameterNameList: { min: 0 } },
  elbv2: { TagList: { min: 0 } },
  // `phone_number_verified`, which every pool has, and `custom:` before the names of its own ones.
  'cognito-idp': { CustomAttributeNameType: { max: 27 } },
};

/** The reduced model of a service as AWS publishes it, read once: what inputs are held to. */
export function modelOf(service: ServiceId): ServiceModel {
  let model = loaded.get(service);
  if (!model) {
    const file = new URL(`../models/${service}.json`, import.meta.url);
    loaded.set(service, (model = JSON.parse(readFileSync(file, 'utf8')) as ServiceModel));
  }
  return model;
}

const widened = new Map<ServiceId, ServiceModel>();

/** The same with what AWS is known to answer beyond it: what outputs are held to. */
export function answerModelOf(service: ServiceId): ServiceModel {
  let model = widened.get(service);
  if (!model) widened.set(service, (model = asAnswered(modelOf(service), alsoAnswered[service] ?? {})));
  return model;
}

function asAnswered(model: ServiceModel, more: Readonly<Record<string, Partial<Shape>>>): ServiceModel {
  const shapes = Object.entries(more).map(([name, wider]): [string, Shape] => {
    const shape = shapeOf(model, name);
    const values = wider.enum ? { enum: [...(shape.enum ?? []), ...wider.enum] } : {};
    return [name, { ...shape, ...wider, ...values }];
  });
  return { ...model, shapes: { ...model.shapes, ...Object.fromEntries(shapes) } };
}

/**
 * The protocol that a request is in. CloudWatch speaks three, which their headers tell apart: boto3 takes CBOR, the
 * JavaScript SDK JSON, and older clients the form of the query protocol.
 * https://smithy.io/2.0/additional-specs/protocols/smithy-rpc-v2.html#requests
 */
export function protocolOf(
  { metadata }: ServiceModel,
  headers: Readonly<Record<string, string | undefined>>,
): Protocol {
  if (!metadata.protocols) return metadata.protocol;
  if (headers['smithy-protocol'] === 'rpc-v2-cbor') return 'smithy-rpc-v2-cbor';
  return headers['x-amz-target'] === undefined ? 'query' : 'json';
}

export function shapeOf(model: ServiceModel, name: string): Shape {
  const shape = model.shapes[name];
  if (!shape) throw new Error(`the model has no shape ${name}`);
  return shape;
}
